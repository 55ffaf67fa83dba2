package io.github.camelvlm.openai;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.github.camelvlm.chat.ToolCall;

/**
 * A call of a tool, in an answer or in the conversation so far.
 *
 * @param index its place among the calls of the answer, from 0, in a chunk; otherwise null and left out
 * @param id names the call
 * @param type always {@code function}
 * @param function what is called
 */
public record FunctionToolCall(
        @JsonInclude(JsonInclude.Include.NON_NULL) Integer index, String id, String type, Function function) {
    static final String TYPE = "function";

    static FunctionToolCall of(ToolCall call) {
        return of(call, null);
    }

    static FunctionToolCall of(ToolCall call, Integer index) {
        return new FunctionToolCall(index, call.id(), TYPE, new Function(call.name(), call.arguments()));
    }

    /**
     * What is called.
     *
     * @param name the name of the tool
     * @param arguments what it is given: a JSON object as text
     */
    public record Function(String name, String arguments) {}
}
