package io.github.camelvlm.springai;

import io.github.camelvlm.chat.Completion;
import io.github.camelvlm.chat.ToolCall;
import java.util.List;
import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.metadata.ChatGenerationMetadata;
import org.springframework.ai.chat.metadata.ChatResponseMetadata;
import org.springframework.ai.chat.metadata.DefaultUsage;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.model.Generation;

/** Says in Spring AI's words what a model answers. */
final class Answers {
    private Answers() {}

    /** A piece of an answer. */
    static ChatResponse piece(String text) {
        return new ChatResponse(List.of(new Generation(new AssistantMessage(text))));
    }

    /**
     * An answer, or its end.
     *
     * @param text all of it, or nothing where it has been told in pieces
     */
    static ChatResponse whole(Completion completion, String text) {
        AssistantMessage message = AssistantMessage.builder()
                .content(text)
                .toolCalls(completion.toolCalls().stream().map(Answers::call).toList())
                .build();
        ChatGenerationMetadata end = ChatGenerationMetadata.builder()
                .finishReason(completion.finishReason().name())
                .build();
        ChatResponseMetadata metadata = ChatResponseMetadata.builder()
                .model(completion.model())
                .usage(new DefaultUsage(
                        completion.usage().promptTokens(), completion.usage().completionTokens()))
                .build();
        return new ChatResponse(List.of(new Generation(message, end)), metadata);
    }

    private static AssistantMessage.ToolCall call(ToolCall call) {
        return new AssistantMessage.ToolCall(call.id(), "function", call.name(), call.arguments());
    }
}
