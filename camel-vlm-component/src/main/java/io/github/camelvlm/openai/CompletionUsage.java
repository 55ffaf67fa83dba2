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
 * @param completionTokensDetails more of what was generated
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record CompletionUsage(
        int promptTokens,
        int completionTokens,
        int totalTokens,
        PromptTokensDetails promptTokensDetails,
        CompletionTokensDetails completionTokensDetails) {
    static CompletionUsage of(Usage usage) {
        return new CompletionUsage(
                usage.promptTokens(),
                usage.completionTokens(),
                usage.totalTokens(),
                new PromptTokensDetails(usage.cachedTokens()),
                new CompletionTokensDetails(usage.acceptedTokens(), usage.rejectedTokens()));
    }

    /**
     * What the tokens of a prompt were.
     *
     * @param cachedTokens those that had been computed for an earlier request
     */
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    public record PromptTokensDetails(int cachedTokens) {}

    /**
     * What was guessed of an answer before it was computed.
     *
     * @param acceptedPredictionTokens the guessed tokens that the answer holds
     * @param rejectedPredictionTokens those that it does not hold, which are not among the tokens generated
     */
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    public record CompletionTokensDetails(int acceptedPredictionTokens, int rejectedPredictionTokens) {}
}
