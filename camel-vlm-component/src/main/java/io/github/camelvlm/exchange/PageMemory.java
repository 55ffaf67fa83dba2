package io.github.camelvlm.exchange;

import io.github.camelvlm.chat.InvalidRequestException;
import io.github.camelvlm.chat.QueueFullException;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.support.SynchronizationAdapter;

/**
 * The memory that pages of documents take: a small file can have many large ones, and they are held until they are answered,
 * or their exchange is done. Of the pages of all exchanges together no more than a quarter of the heap is. Safe for use by many threads.
 */
final class PageMemory {
    private static final int PARTS_OF_HEAP = 4;

    /** The property of an exchange that says what it keeps. */
    private static final String KEPT = "CamelVlmKeptPages";

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

    /** The same for a message, of whose exchange an earlier attempt's pages are no longer held. */
    Share share(Message message) {
        Kept kept = message == null ? null : message.getExchange().getProperty(KEPT, Kept.class);
        if (kept != null) {
            kept.begin(attempt(message));
        }
        return new Share();
    }

    private static int attempt(Message message) {
        return message.getHeader(Exchange.REDELIVERY_COUNTER, 0, Integer.class);
    }

    private synchronized void take(long bytes, long ofDocument) {
        if (ofDocument + bytes > most) {
            throw new InvalidRequestException(
                    "pages",
                    "take more memory than the " + (most >> 20)
                            + " MiB that documents may: choose fewer by the option pages, or raise -Xmx");
        }
        if (!tryTake(bytes)) {
            throw full();
        }
    }

    private synchronized boolean tryTake(long bytes) {
        boolean isRoom = held + bytes <= most;
        held += isRoom ? bytes : 0;
        return isRoom;
    }

    private QueueFullException full() {
        return new QueueFullException("The pages of documents that are being answered take the " + (most >> 20)
                + " MiB that they may. Try again later, or raise -Xmx");
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

        /** Takes room for one page more if there is some at present, and says whether there was. */
        boolean tryTake(long more) {
            boolean isTaken = PageMemory.this.tryTake(more);
            bytes += isTaken ? more : 0;
            return isTaken;
        }

        /** The most that there may be of all pages together, in bytes. */
        long most() {
            return most;
        }

        /** What a page is refused by for which there is no room at present. */
        QueueFullException full() {
            return PageMemory.this.full();
        }

        /** Gives back what one page took. */
        void giveBack(long less) {
            PageMemory.this.giveBack(less);
            bytes -= less;
        }

        /** Gives it back when a message's exchange is done, or is tried again, instead of at once. */
        void keepFor(Message message) {
            Exchange exchange = message.getExchange();
            Kept kept = exchange.getProperty(KEPT, Kept.class);
            if (kept == null) {
                kept = new Kept();
                exchange.setProperty(KEPT, kept);
                exchange.getExchangeExtension().addOnCompletion(kept);
            }
            kept.begin(attempt(message));
            kept.bytes += bytes;
            bytes = 0;
        }

        @Override
        public void close() {
            giveBack(bytes);
            bytes = 0;
        }
    }

    /** What the pages of an exchange take. A redelivery is of the same exchange and makes its pages anew. */
    private final class Kept extends SynchronizationAdapter {
        private int attempt;
        private long bytes;

        void begin(int newAttempt) {
            if (newAttempt != attempt) {
                giveBack(bytes);
                bytes = 0;
                attempt = newAttempt;
            }
        }

        @Override
        public void onDone(Exchange done) {
            giveBack(bytes);
            bytes = 0;
        }
    }
}
