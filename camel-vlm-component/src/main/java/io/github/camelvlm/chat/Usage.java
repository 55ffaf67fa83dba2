package io.github.camelvlm.chat;

/**
 * What a generation cost.
 *
 * @param promptTokens tokens of the prompt, those of pictures included
 * @param completionTokens tokens generated, the one that ended the turn included
 */
public record Usage(int promptTokens, int completionTokens) {

    /** What this generation and another one of the same prompt cost together: the prompt counts once. */
    public Usage plus(Usage other) {
        return new Usage(promptTokens, completionTokens + other.completionTokens);
    }

    /** Both counts together. */
    public int totalTokens() {
        return promptTokens + completionTokens;
    }
}
