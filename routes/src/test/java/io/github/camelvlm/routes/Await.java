package io.github.camelvlm.routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Waits for what other threads and processes do, never longer than a limit. */
public final class Await {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final Duration STEP = Duration.ofMillis(10);

    /** A condition that may read files. */
    public interface Condition {
        boolean holds() throws Exception;
    }

    private Await() {}

    /** Waits until a condition holds, and fails after 30 seconds. */
    public static void until(String what, Condition condition) throws Exception {
        until(what, LIMIT, condition);
    }

    /** Waits until a condition holds, and fails after a limit. */
    public static void until(String what, Duration limit, Condition condition) throws Exception {
        long start = System.nanoTime();
        while (!condition.holds()) {
            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .as("waited for: " + what)
                    .isLessThan(limit);
            LockSupport.parkNanos(STEP.toNanos());
        }
    }
}
