package io.github.camelvlm.remote;

import io.github.camelvlm.chat.InvalidRequestException;
import io.github.camelvlm.chat.QueueFullException;
import java.util.Locale;

/**
 * Bounds the answers in hand, each of which has a thread, and the bytes of the requests for them, so that servers that
 * are slow or silent do not fill this JVM. Safe for use by many threads.
 */
final class RequestBudget {
    private final int maxAnswers;
    private final long maxBytes;
    private int answers;
    private long bytes;

    /**
     * @param maxAnswers the most answers in hand
     * @param maxBytes the most bytes of the requests for them
     */
    RequestBudget(int maxAnswers, long maxBytes) {
        this.maxAnswers = maxAnswers;
        this.maxBytes = maxBytes;
    }

    /** What a request has taken: a place for each of its answers, and its bytes for as long as any of them is in hand. */
    final class Share {
        private final long size;
        private int left;

        private Share(int left, long size) {
            this.left = left;
            this.size = size;
        }

        /** Gives back the place of one answer, and with the last one the bytes. */
        void leave() {
            synchronized (RequestBudget.this) {
                answers--;
                if (--left == 0) {
                    bytes -= size;
                }
            }
        }
    }

    /**
     * Takes what a request needs.
     *
     * @param count its answers
     * @param size its bytes
     * @throws InvalidRequestException if there are never places for so many answers
     * @throws QueueFullException if there are none at present
     */
    synchronized Share take(int count, long size) {
        if (count > maxAnswers) {
            throw new InvalidRequestException("n", "must be at most " + maxAnswers + " here, but is " + count);
        }
        if (answers + (long) count > maxAnswers) {
            throw new QueueFullException("The servers are busy: they have been asked for " + answers
                    + " answers, and take " + maxAnswers + ". Try again later, or raise queueLength");
        }
        // One alone is always let in: on a small heap it would never be otherwise.
        if (answers > 0 && bytes + size > maxBytes) {
            throw new QueueFullException(String.format(
                    Locale.ROOT,
                    "The servers are busy: the requests that they have been sent hold %,d bytes of pictures and texts, and"
                            + " this one has %,d, but the Java heap has room for %,d. Try again later, or raise -Xmx",
                    bytes,
                    size,
                    maxBytes));
        }
        answers += count;
        bytes += size;
        return new Share(count, size);
    }
}
