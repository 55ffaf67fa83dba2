package io.github.camelvlm.media;

import java.util.Locale;
import java.util.concurrent.Semaphore;

/**
 * Bounds how many pixels are decoded at the same time, so that many large pictures wait for one another rather than fill
 * the heap. Safe for use by many threads; those that wait are served in the order they came.
 */
final class DecodingBudget {

    /** What a pixel takes while it is decoded: up to 8 bytes as the decoder gives it, 3 as RGB, the rest spare. */
    private static final int BYTES_PER_PIXEL = 12;

    /** The budget of this JVM: half of the heap may hold pictures that are being decoded. */
    static final DecodingBudget OF_HEAP =
            new DecodingBudget(Runtime.getRuntime().maxMemory() / 2 / BYTES_PER_PIXEL);

    private final int capacity;
    private final Semaphore free;

    /** @param pixels the most pixels at one time */
    DecodingBudget(long pixels) {
        capacity = (int) Math.min(Integer.MAX_VALUE, pixels);
        free = new Semaphore(capacity, true);
    }

    /**
     * Waits until there is room, and takes it. {@link #release} gives it back.
     *
     * @param name the picture, for errors
     * @param pixels how many it has
     * @throws ImageException if the picture is larger than the whole budget, or the thread is interrupted
     */
    void acquire(String name, long pixels) {
        if (pixels > capacity) {
            throw new ImageException(String.format(
                    Locale.ROOT,
                    "picture %s has %,d pixels, but the Java heap has room to decode %,d: raise -Xmx, or scale it down",
                    name,
                    pixels,
                    capacity));
        }
        try {
            free.acquire((int) pixels);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ImageException("picture " + name + " was not decoded: its thread was interrupted", e);
        }
    }

    /** Gives back the room of a picture that is decoded. */
    void release(long pixels) {
        free.release((int) pixels);
    }
}
