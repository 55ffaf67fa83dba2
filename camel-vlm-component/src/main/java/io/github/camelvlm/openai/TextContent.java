package io.github.camelvlm.openai;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Objects;

/**
 * A part of type {@code text}.
 *
 * @param text the text, not null
 */
public record TextContent(String text) implements ContentPart {
    static final String TYPE = "text";

    public TextContent {
        Objects.requireNonNull(text, "text");
    }

    @Override
    @JsonProperty(index = 0)
    public String type() {
        return TYPE;
    }
}
