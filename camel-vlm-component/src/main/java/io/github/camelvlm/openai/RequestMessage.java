package io.github.camelvlm.openai;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.List;
import java.util.Objects;

/**
 * One turn of a conversation, as a request holds it.
 *
 * @param role {@code system}, {@code developer}, {@code user}, {@code assistant} or {@code tool}
 * @param parts what {@code content} holds, in order; empty where it is null
 * @param toolCalls the tools that the assistant called
 * @param toolCallId the call whose result a tool tells, or null
 */
@JsonPropertyOrder({"role", "content", "tool_calls", "tool_call_id"})
public record RequestMessage(
        String role,
        @JsonIgnore List<ContentPart> parts,

        @JsonProperty("tool_calls") @JsonInclude(JsonInclude.Include.NON_EMPTY)
        List<FunctionToolCall> toolCalls,

        @JsonProperty("tool_call_id") @JsonInclude(JsonInclude.Include.NON_NULL)
        String toolCallId) {
    public RequestMessage {
        Objects.requireNonNull(role, "role");
        parts = List.copyOf(parts);
        toolCalls = List.copyOf(toolCalls);
    }

    /** A turn that has nothing to do with tools. */
    public RequestMessage(String role, List<ContentPart> parts) {
        this(role, parts, List.of(), null);
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
