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
 * @param promptTokensDetails more of the prompt
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record CompletionUsage(
        int promptTokens, int completionTokens, int totalTokens, PromptTokensDetails promptTokensDetails) {
    static CompletionUsage of(Usage usage) {
        return new CompletionUsage(
                usage.promptTokens(),
                usage.completionTokens(),
                usage.totalTokens(),
                new PromptTokensDetails(usage.cachedTokens()));
    }

    /**
     * What the tokens of a prompt were.
     *
     * @param cachedTokens those that had been computed for an earlier request
     */
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    public record PromptTokensDetails(int cachedTokens) {}
}
