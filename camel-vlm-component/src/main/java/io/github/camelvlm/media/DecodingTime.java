package io.github.camelvlm.media;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * How long one picture may take to decode, so that a small file made to be slow does not hold a thread. It is processor
 * time of the thread: a busy machine refuses nothing that an idle one reads. To be used by the thread that made it.
 */
final class DecodingTime {

    /** Five times what the largest picture of the slowest kind takes, 64 megapixels in 18 progressive scans. */
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final LongSupplier nanos;
    private final Duration limit;
    private final long start;

    private DecodingTime(LongSupplier nanos, Duration limit) {
        this.nanos = nanos;
        this.limit = limit;
        start = nanos.getAsLong();
    }

    /** The time of a picture that is begun now. */
    static DecodingTime start() {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        boolean measured = threads.isCurrentThreadCpuTimeSupported() && threads.isThreadCpuTimeEnabled();
        return start(measured ? threads::getCurrentThreadCpuTime : System::nanoTime, LIMIT);
    }

    static DecodingTime start(LongSupplier nanos, Duration limit) {
        return new DecodingTime(nanos, limit);
    }

    /** @throws ImageException if the picture has taken longer than it may */
    void requireLeft(String name) {
        if (nanos.getAsLong() - start > limit.toNanos()) {
            throw new ImageException("picture " + name + " takes longer than " + limit.toSeconds()
                    + " s to decode: scale it down, or save it anew as PNG");
        }
    }
}
