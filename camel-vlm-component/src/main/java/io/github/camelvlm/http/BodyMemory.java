package io.github.camelvlm.http;

import java.util.HashMap;
import java.util.Map;

/** Counts the bytes of all bodies that are being received or answered, and those of each client. */
final class BodyMemory {
    /** A picture in base64 is in memory as the body, as text of it and as the picture's file, and half is for the rest. */
    private static final int COPIES = 8;

    private final long limit;
    private final long limitOfOne;
    private final Map<String, Long> byClient = new HashMap<>();
    private long bytes;

    /**
     * @param limit the most bytes together
     * @param limitOfOne the most bytes of one client
     */
    BodyMemory(long limit, long limitOfOne) {
        this.limit = limit;
        this.limitOfOne = limitOfOne;
    }

    /** The part of the heap, in bytes, that bodies may take without any request running out of memory. */
    static long ofTheHeap() {
        return Runtime.getRuntime().maxMemory() / COPIES;
    }

    /** Whether a client's body of so many bytes would find room now. */
    synchronized boolean hasRoom(String client, long size) {
        return bytes + size <= limit && byClient.getOrDefault(client, 0L) + size <= limitOfOne;
    }

    /** Begins to count a body of a client. */
    Share share(String client) {
        return new Share(client);
    }

    /** What one body takes. Several threads may use it: a body may be given up while it is decoded. */
    final class Share implements AutoCloseable {
        private final String client;
        private long held;
        private boolean closed;

        private Share(String client) {
            this.client = client;
        }

        /** Counts bytes; does nothing and gives false if there is no room for them, or the body has been given up. */
        boolean take(long size) {
            synchronized (BodyMemory.this) {
                if (closed || !hasRoom(client, size)) {
                    return false;
                }
                held += size;
                bytes += size;
                byClient.merge(client, size, Long::sum);
                return true;
            }
        }

        /** Whether this body would find no room for so many bytes more even if it were the only one. */
        boolean neverHasRoom(long size) {
            synchronized (BodyMemory.this) {
                return held + size > Math.min(limit, limitOfOne);
            }
        }

        /** Counts bytes that were taken no more. */
        void give(long size) {
            synchronized (BodyMemory.this) {
                long given = Math.min(size, held);
                held -= given;
                bytes -= given;
                byClient.computeIfPresent(client, (name, all) -> all == given ? null : Long.valueOf(all - given));
            }
        }

        /** Counts nothing of it any more, now and later. */
        @Override
        public void close() {
            synchronized (BodyMemory.this) {
                closed = true;
                give(held);
            }
        }
    }
}
