package io.github.camelvlm.langchain4j;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.model.output.TokenUsage;
import io.github.camelvlm.chat.Completion;
import io.github.camelvlm.chat.ToolCall;

/** Says in LangChain4j's words what a model answers. */
final class Answers {
    private Answers() {}

    static ChatResponse response(Completion completion) {
        AiMessage message = AiMessage.builder()
                .text(completion.text().isEmpty() && !completion.toolCalls().isEmpty() ? null : completion.text())
                .toolExecutionRequests(
                        completion.toolCalls().stream().map(Answers::call).toList())
                .build();
        return ChatResponse.builder()
                .aiMessage(message)
                .modelName(completion.model())
                .tokenUsage(new TokenUsage(
                        completion.usage().promptTokens(),
                        completion.usage().completionTokens(),
                        completion.usage().totalTokens()))
                .finishReason(reason(completion))
                .build();
    }

    static ToolExecutionRequest call(ToolCall call) {
        return ToolExecutionRequest.builder()
                .id(call.id())
                .name(call.name())
                .arguments(call.arguments())
                .build();
    }

    private static FinishReason reason(Completion completion) {
        return switch (completion.finishReason()) {
            case STOP -> FinishReason.STOP;
            case TOOL_CALLS -> FinishReason.TOOL_EXECUTION;
            case LENGTH, REPETITION -> FinishReason.LENGTH;
            case CANCELLED, TIME_LIMIT -> FinishReason.OTHER;
        };
    }
}
