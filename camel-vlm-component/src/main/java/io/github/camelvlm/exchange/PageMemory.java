package io.github.camelvlm.exchange;

import io.github.camelvlm.chat.InvalidRequestException;
import io.github.camelvlm.chat.QueueFullException;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.support.SynchronizationAdapter;

/**
 * The memory that pages of documents take: a small file can have many large ones, and they are held until their exchange is
 * done. Of the pages of all exchanges together no more than a quarter of the heap is. Safe for use by many threads.
 */
final class PageMemory {
    private static final int PARTS_OF_HEAP = 4;

    /** That of this JVM. */
    static final PageMemory OF_HEAP = new PageMemory(Runtime.getRuntime().maxMemory() / PARTS_OF_HEAP);

    private final long most;
    private long held;

    /** @param most bytes of all pages together */
    PageMemory(long most) {
        this.most = most;
    }

    /** What one document takes; to be closed. */
    Share share() {
        return new Share();
    }

    private synchronized void take(long bytes, long ofDocument) {
        if (ofDocument + bytes > most) {
            throw new InvalidRequestException(
                    "pages",
                    "take more memory than the " + (most >> 20)
                            + " MiB that documents may: choose fewer by the option pages, or raise -Xmx");
        }
        if (held + bytes > most) {
            throw new QueueFullException("The pages of documents that are being answered take the " + (most >> 20)
                    + " MiB that they may. Try again later, or raise -Xmx");
        }
        held += bytes;
    }

    private synchronized void giveBack(long bytes) {
        held -= bytes;
    }

    /** How many bytes are held. */
    synchronized long held() {
        return held;
    }

    /** For one thread at a time. */
    final class Share implements AutoCloseable {
        private long bytes;

        private Share() {}

        /**
         * Takes room for one page more.
         *
         * @throws InvalidRequestException if the document alone takes more than there may be
         * @throws QueueFullException if it does with others, at present
         */
        void take(long more) {
            PageMemory.this.take(more, bytes);
            bytes += more;
        }

        /** Gives it back when a message's exchange is done, instead of at once. */
        void keepFor(Message message) {
            long kept = bytes;
            bytes = 0;
            message.getExchange().getExchangeExtension().addOnCompletion(new SynchronizationAdapter() {
                @Override
                public void onDone(Exchange done) {
                    giveBack(kept);
                }
            });
        }

        @Override
        public void close() {
            giveBack(bytes);
            bytes = 0;
        }
    }
}
