package io.github.camelvlm.openai;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.github.camelvlm.chat.ToolCall;
import java.util.List;

/**
 * A call of a tool, in an answer or in the conversation so far.
 *
 * @param index its place among the calls of the answer, from 0, in a chunk; otherwise null and left out
 * @param id names the call; null and left out in a chunk that goes on with it
 * @param type {@code function}; null and left out in a chunk that goes on with it
 * @param function what is called
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record FunctionToolCall(Integer index, String id, String type, Function function) {
    static final String TYPE = "function";

    static FunctionToolCall of(ToolCall call) {
        return new FunctionToolCall(null, call.id(), TYPE, new Function(call.name(), call.arguments()));
    }

    /** What chunks tell of a call, one after the other: first all but its arguments, then these. */
    static List<FunctionToolCall> pieces(ToolCall call, int index) {
        return List.of(
                new FunctionToolCall(index, call.id(), TYPE, new Function(call.name(), "")),
                new FunctionToolCall(index, null, null, new Function(null, call.arguments())));
    }

    /**
     * What is called.
     *
     * @param name the name of the tool; null and left out in a chunk that goes on with the call
     * @param arguments what it is given: a JSON object as text, or in chunks the pieces of one
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Function(String name, String arguments) {
        /** The arguments as JSON: an object without fields where there are none, and a text where they are no JSON. */
        public JsonNode readArguments() {
            // A call without arguments is written so by some clients.
            JsonNode read = Json.readTree(arguments.isBlank() ? "{}" : arguments);
            return read == null ? TextNode.valueOf(arguments) : read;
        }
    }
}
