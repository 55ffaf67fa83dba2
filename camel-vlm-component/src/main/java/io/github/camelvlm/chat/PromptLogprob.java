package io.github.camelvlm.chat;

import java.util.Objects;

/**
 * How likely a token of a prompt was after those before it.
 *
 * @param token the token, its log-probability and the likeliest in its place
 * @param rank its place among all tokens by likelihood, from 1
 */
public record PromptLogprob(TokenLogprob token, int rank) {
    public PromptLogprob {
        Objects.requireNonNull(token, "token");
    }
}
