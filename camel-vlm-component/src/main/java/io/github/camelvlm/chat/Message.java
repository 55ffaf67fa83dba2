package io.github.camelvlm.chat;

import java.util.List;
import java.util.Objects;

/**
 * One turn of a conversation.
 *
 * @param role who speaks
 * @param parts what is said and shown, in order
 * @param toolCalls the tools that the assistant asked for
 */
public record Message(Role role, List<Part> parts, List<ToolCall> toolCalls) {
    public Message {
        Objects.requireNonNull(role, "role");
        parts = List.copyOf(parts);
        toolCalls = List.copyOf(toolCalls);
    }

    /** A turn that asks for no tools. */
    public Message(Role role, List<Part> parts) {
        this(role, parts, List.of());
    }

    /** A turn of text alone. */
    public static Message of(Role role, String text) {
        return new Message(role, List.of(new TextPart(text)));
    }
}
