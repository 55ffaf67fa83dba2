package io.github.camelvlm.process;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Leave to run a process. There are as many as processors, two at least: each takes one of these, and memory outside the heap.
 * They become free in bounded time, since processes are bounded in time.
 */
final class ProcessPlace implements AutoCloseable {
    static final int COUNT = Math.max(2, Runtime.getRuntime().availableProcessors());

    private static final Semaphore FREE = new Semaphore(COUNT, true);
    /** A semaphore knows nothing of a cancellation. */
    private static final long LOOK_MILLIS = 50;

    private final AtomicBoolean isTaken = new AtomicBoolean(true);

    private ProcessPlace() {}

    /**
     * Waits for one.
     *
     * @param cancellation ends the wait when it completes
     * @throws IOException if it was cancelled or interrupted
     */
    static ProcessPlace await(CompletableFuture<?> cancellation) throws IOException {
        try {
            while (!cancellation.isDone()) {
                if (FREE.tryAcquire(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
                    return new ProcessPlace();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("the thread that waited to read it was interrupted", e);
        }
        throw new IOException("its request was cancelled");
    }

    /** Gives it back; once, however often it is called. */
    @Override
    public void close() {
        if (isTaken.getAndSet(false)) {
            FREE.release();
        }
    }
}
