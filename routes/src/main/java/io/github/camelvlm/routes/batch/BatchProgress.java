package io.github.camelvlm.routes.batch;

import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells every few seconds how far a batch is. */
final class BatchProgress {
    private static final Logger LOG = LoggerFactory.getLogger("camel-vlm");
    private static final long LINE_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final String name;
    private final BatchListener listener;
    private final long begun = System.nanoTime();
    private long told = begun;

    /**
     * @param name of the batch
     * @param listener is told of each line
     */
    BatchProgress(String name, BatchListener listener) {
        this.name = name;
        this.listener = listener;
    }

    void note(BatchCount count) {
        listener.answered(count);
        long now = System.nanoTime();
        if (now - told >= LINE_NANOS) {
            told = now;
            LOG.info("{}: {} so far, {}", name, count, rate(count, now));
        }
    }

    void end(BatchCount count) {
        LOG.info("{}: {}, {}", name, count, rate(count, System.nanoTime()));
    }

    private String rate(BatchCount count, long now) {
        double seconds = Math.max(1, TimeUnit.NANOSECONDS.toMillis(now - begun)) / 1000.0;
        return String.format(Locale.ROOT, "%.1f lines/s", (count.lines() - count.resumed()) / seconds);
    }
}
