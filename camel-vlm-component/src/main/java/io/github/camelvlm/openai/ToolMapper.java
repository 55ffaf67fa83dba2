package io.github.camelvlm.openai;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.camelvlm.chat.InvalidRequestException;
import io.github.camelvlm.chat.ToolCall;
import io.github.camelvlm.chat.ToolChoice;
import io.github.camelvlm.chat.ToolDefinition;
import io.github.camelvlm.chat.Tools;
import java.util.ArrayList;
import java.util.List;

/** Says in the words of the domain what a request says of tools. */
final class ToolMapper {
    private ToolMapper() {}

    /** @throws InvalidRequestException if a name is none, or the choice demands what is not offered */
    static Tools tools(ChatCompletionRequest request) {
        if (request.tools() == null && request.toolChoice() == null) {
            return Tools.NONE;
        }
        List<RequestTool> tools = request.tools() == null ? List.of() : request.tools();
        return new Tools(
                tools.stream()
                        .map(tool -> new ToolDefinition(tool.name(), Json.writeSpaced(tool.json())))
                        .toList(),
                request.toolChoice() == null
                        ? ToolChoice.AUTO
                        : request.toolChoice().toToolChoice(),
                !Boolean.FALSE.equals(request.parallelToolCalls()));
    }

    /** @throws InvalidRequestException if the arguments of a call are not a JSON object */
    static List<ToolCall> calls(RequestMessage message, String path) {
        List<ToolCall> calls = new ArrayList<>();
        for (FunctionToolCall call : message.toolCalls()) {
            String arguments = arguments(call.function().arguments(), path + ".tool_calls[" + calls.size() + "]");
            calls.add(new ToolCall(
                    call.id() == null ? "" : call.id(), call.function().name(), arguments));
        }
        return calls;
    }

    /** Written as the model was taught to read them, however the client did. */
    private static String arguments(String json, String path) {
        // A call without arguments is written so by some clients.
        JsonNode arguments = Json.readObject(json.isBlank() ? "{}" : json);
        if (arguments == null) {
            throw new InvalidRequestException(path + ".function.arguments", "must be a JSON object as text");
        }
        return Json.writeSpaced(arguments);
    }
}
