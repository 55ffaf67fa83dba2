package io.github.camelvlm.openai;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Objects;

/**
 * One turn of a conversation, as a request holds it.
 *
 * @param role {@code system}, {@code developer}, {@code user} or {@code assistant}
 * @param parts what {@code content} holds, in order; empty where it is null
 */
public record RequestMessage(String role, @JsonIgnore List<ContentPart> parts) {
    public RequestMessage {
        Objects.requireNonNull(role, "role");
        parts = List.copyOf(parts);
    }

    /** A turn of text alone. */
    public static RequestMessage of(String role, String text) {
        return new RequestMessage(role, List.of(new TextContent(text)));
    }

    /** The content as JSON writes it: null, a text, or a list of parts. */
    @JsonProperty("content")
    Object content() {
        if (parts.isEmpty()) {
            return null;
        }
        // Many servers take a list from the user only, so text alone goes as a string.
        return parts.size() == 1 && parts.get(0) instanceof TextContent text ? text.text() : parts;
    }
}
