package io.github.camelvlm.chat;

import java.time.Duration;

/**
 * How long a generation took, counted from the moment it was asked for.
 *
 * @param firstToken until the first token was known; null if there was none
 * @param total until the end
 */
public record Timings(Duration firstToken, Duration total) {}
