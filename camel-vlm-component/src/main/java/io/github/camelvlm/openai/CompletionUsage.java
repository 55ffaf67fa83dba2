package io.github.camelvlm.openai;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.github.camelvlm.chat.Usage;

/**
 * What an answer cost.
 *
 * @param promptTokens tokens of the prompt, those of pictures included
 * @param completionTokens tokens generated
 * @param totalTokens both together
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record CompletionUsage(int promptTokens, int completionTokens, int totalTokens) {
    static CompletionUsage of(Usage usage) {
        return new CompletionUsage(usage.promptTokens(), usage.completionTokens(), usage.totalTokens());
    }
}
