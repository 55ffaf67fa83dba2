package io.github.camelvlm.media;

import java.util.Locale;
import java.util.concurrent.Semaphore;

/**
 * Bounds how much memory pictures take that are decoded at the same time, so that many large ones wait for one another
 * rather than fill the heap. Safe for use by many threads; those that wait are served in the order they came.
 */
final class DecodingBudget {
    private static final int UNIT = 1024;

    /** The budget of this JVM: half of the heap may hold pictures that are being decoded. */
    static final DecodingBudget OF_HEAP =
            new DecodingBudget(Runtime.getRuntime().maxMemory() / 2);

    private final int capacity;
    private final Semaphore free;

    /** @param bytes the most memory at one time */
    DecodingBudget(long bytes) {
        capacity = (int) Math.min(Integer.MAX_VALUE, bytes / UNIT);
        free = new Semaphore(capacity, true);
    }

    /**
     * Waits until there is room, and takes it. {@link #release} gives it back.
     *
     * @param name the picture, for errors
     * @param bytes how many decoding it takes
     * @throws ImageException if that is more than the whole budget, or the thread is interrupted
     */
    void acquire(String name, long bytes) {
        if (units(bytes) > capacity) {
            throw new ImageException(String.format(
                    Locale.ROOT,
                    "picture %s takes %,d kB to decode, but the Java heap has room for %,d kB: raise -Xmx, or scale it"
                            + " down",
                    name,
                    units(bytes),
                    capacity));
        }
        try {
            free.acquire((int) units(bytes));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ImageException("picture " + name + " was not decoded: its thread was interrupted", e);
        }
    }

    private static long units(long bytes) {
        return (bytes + UNIT - 1) / UNIT;
    }

    /** Gives back the room of a picture that is decoded. */
    void release(long bytes) {
        free.release((int) units(bytes));
    }
}
