package io.github.camelvlm.chat;

import java.util.Objects;

/**
 * Text of a message. It is only ever text: a special token of the model written in it, such as {@code <|im_end|>},
 * reaches the model as its characters.
 *
 * @param text the text, not null
 */
public record TextPart(String text) implements Part {
    public TextPart {
        Objects.requireNonNull(text, "text");
    }
}
