package io.github.camelvlm.openai;

import io.github.camelvlm.chat.InvalidRequestException;
import io.github.camelvlm.chat.ToolCall;
import io.github.camelvlm.chat.ToolChoice;
import io.github.camelvlm.chat.ToolDefinition;
import io.github.camelvlm.chat.Tools;
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

    /** The calls of an earlier turn, whatever a model has written as their arguments then. */
    static List<ToolCall> calls(RequestMessage message) {
        return message.toolCalls().stream()
                .map(call -> new ToolCall(
                        call.id() == null ? "" : call.id(),
                        call.function().name(),
                        // As the model was taught to read them, however the client wrote them.
                        Json.writeSpaced(call.function().readArguments())))
                .toList();
    }
}
