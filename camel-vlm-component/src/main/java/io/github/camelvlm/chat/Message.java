package io.github.camelvlm.chat;

import java.util.List;
import java.util.Objects;

/**
 * One turn of a conversation.
 *
 * @param role who speaks
 * @param parts what is said and shown, in order
 */
public record Message(Role role, List<Part> parts) {
    public Message {
        Objects.requireNonNull(role, "role");
        parts = List.copyOf(parts);
    }

    /** A turn of text alone. */
    public static Message of(Role role, String text) {
        return new Message(role, List.of(new TextPart(text)));
    }
}
