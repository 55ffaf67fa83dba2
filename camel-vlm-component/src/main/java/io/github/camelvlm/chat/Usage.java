package io.github.camelvlm.chat;

import java.util.List;

/**
 * What a generation cost.
 *
 * @param promptTokens tokens of the prompt, those of pictures included
 * @param completionTokens tokens generated, the one that ended the turn included
 * @param cachedTokens those of the prompt that had been computed for an earlier request
 * @param acceptedTokens those generated that had been guessed, and so did not take a step of their own
 * @param rejectedTokens guesses that were wrong
 */
public record Usage(int promptTokens, int completionTokens, int cachedTokens, int acceptedTokens, int rejectedTokens) {

    /** None was guessed. */
    public Usage(int promptTokens, int completionTokens, int cachedTokens) {
        this(promptTokens, completionTokens, cachedTokens, 0, 0);
    }

    /** All of the prompt was computed. */
    public Usage(int promptTokens, int completionTokens) {
        this(promptTokens, completionTokens, 0);
    }

    /** What this generation and another one of the same prompt cost together: the prompt counts once. */
    public Usage plus(Usage other) {
        return new Usage(
                promptTokens,
                completionTokens + other.completionTokens,
                cachedTokens,
                acceptedTokens + other.acceptedTokens,
                rejectedTokens + other.rejectedTokens);
    }

    /**
     * What the generations of several prompts cost together: each prompt counts once.
     *
     * @param generations of one prompt after the other, at least one
     * @param answers how many of each prompt
     */
    public static Usage of(List<Usage> generations, int answers) {
        Usage all = generations.get(0);
        for (int i = 1; i < generations.size(); i++) {
            all = i % answers == 0 ? all.and(generations.get(i)) : all.plus(generations.get(i));
        }
        return all;
    }

    /** What this generation and one of another prompt cost together. */
    public Usage and(Usage other) {
        return new Usage(
                promptTokens + other.promptTokens,
                completionTokens + other.completionTokens,
                cachedTokens + other.cachedTokens,
                acceptedTokens + other.acceptedTokens,
                rejectedTokens + other.rejectedTokens);
    }

    /** Both counts together. */
    public int totalTokens() {
        return promptTokens + completionTokens;
    }
}
