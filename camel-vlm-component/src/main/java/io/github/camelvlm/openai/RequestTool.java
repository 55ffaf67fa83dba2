package io.github.camelvlm.openai;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.camelvlm.chat.InvalidRequestException;

/**
 * A tool that a request offers.
 *
 * @param json the definition as the client wrote it: an object with {@code type} and {@code function}
 */
public record RequestTool(
        @com.fasterxml.jackson.annotation.JsonValue JsonNode json) {

    static RequestTool read(JsonValue tool) {
        JsonValue type = tool.requireObject().get("type");
        if (!type.requireString().equals(FunctionToolCall.TYPE)) {
            throw type.unserved("must be function, but is \"" + JsonValue.clip(type.requireString()) + "\"");
        }
        return ofFunction(tool);
    }

    /**
     * Reads a tool that need not say that it is a function.
     *
     * @throws InvalidRequestException if it is none
     */
    public static RequestTool ofFunction(JsonValue tool) {
        JsonValue function = tool.requireObject().get("function").requireObject();
        function.get("name").requireString();
        JsonValue parameters = function.get("parameters");
        if (!parameters.isAbsent()) {
            parameters.requireFiniteObject();
        }
        return new RequestTool(tool.node());
    }

    /** The name of its function. */
    public String name() {
        return json.path("function").path("name").asText();
    }
}
