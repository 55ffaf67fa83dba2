package io.github.camelvlm.chat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Times an answer while it is made. For one thread; others may ask whether it has begun. */
public final class AnswerClock {
    private final long askedAt;
    private final List<Duration> betweenTokens = new ArrayList<>();
    private long lastTokenAt;
    private volatile Duration firstToken;

    /** @param askedAt when the answer was asked for, by {@link System#nanoTime} */
    public AnswerClock(long askedAt) {
        this.askedAt = askedAt;
    }

    /** A token is known by now, or a piece of an answer from elsewhere. */
    public void token() {
        long now = System.nanoTime();
        if (firstToken == null) {
            firstToken = Duration.ofNanos(now - askedAt);
        } else {
            betweenTokens.add(Duration.ofNanos(now - lastTokenAt));
        }
        lastTokenAt = now;
    }

    /** Whether there was a token. */
    public boolean hasBegun() {
        return firstToken != null;
    }

    /** The times of an answer that ends now. */
    public Timings end() {
        return new Timings(firstToken, betweenTokens, Duration.ofNanos(System.nanoTime() - askedAt));
    }
}
