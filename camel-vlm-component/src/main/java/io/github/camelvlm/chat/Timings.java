package io.github.camelvlm.chat;

import java.time.Duration;
import java.util.List;

/**
 * How long a generation took, counted from the moment it was asked for.
 *
 * @param firstToken until the first token was known; null if there was none
 * @param betweenTokens from each token to the next one, in order; empty if there was at most one. Of an answer from
 *     elsewhere, from each piece that came to the next one
 * @param total until the end
 */
public record Timings(Duration firstToken, List<Duration> betweenTokens, Duration total) {
    public Timings {
        betweenTokens = List.copyOf(betweenTokens);
    }
}
