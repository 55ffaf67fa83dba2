package io.github.camelvlm.hub;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.apache.hc.core5.concurrent.Cancellable;

/** Breaks off a download from another thread, whatever it is waiting for. */
final class Cancellation {
    private final Set<Cancellable> running = new HashSet<>();
    private boolean cancelled;

    /** Closes the connections that are open, and opens no other. */
    synchronized void cancel() {
        cancelled = true;
        running.forEach(Cancellable::cancel);
        notifyAll();
    }

    /** @throws DownloadCancelledException if it was cancelled */
    synchronized void requireRunning() {
        if (cancelled) {
            throw new DownloadCancelledException();
        }
    }

    /** @throws DownloadCancelledException if it was cancelled before the request could begin */
    synchronized void begin(Cancellable request) {
        requireRunning();
        running.add(request);
    }

    synchronized void end(Cancellable request) {
        running.remove(request);
    }

    /**
     * Waits.
     *
     * @throws DownloadCancelledException as soon as it is cancelled
     */
    synchronized void pause(Duration time) throws InterruptedException {
        long end = System.nanoTime() + time.toNanos();
        requireRunning();
        for (long left = time.toMillis(); left > 0; left = (end - System.nanoTime()) / 1_000_000) {
            wait(left);
            requireRunning();
        }
    }
}
