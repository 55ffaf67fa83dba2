package io.github.camelvlm.chat;

import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;

/**
 * The reader's end of an answer that another thread makes. The pieces wait in a queue, so a slow reader costs the engine
 * nothing; an answer is bounded by its length, and so is the queue. An end takes no memory: it can still be told when
 * there is none left.
 */
public class BufferedGeneration implements Generation {
    private static final System.Logger LOG = System.getLogger(BufferedGeneration.class.getName());

    /** Takes no memory either when it runs. */
    private record Both(Runnable first, Runnable second) implements Runnable {
        @Override
        public void run() {
            try {
                first.run();
            } finally {
                second.run();
            }
        }
    }

    /** Guards what is below it, and is notified of each piece and of the end. */
    private final Object news = new Object();

    private final Queue<Delta> pieces = new ArrayDeque<>();
    private Completion completion;
    private VlmException failure;
    /** All that is to be done at the end; null once it is. */
    private Runnable atEnd = () -> {};

    private volatile Usage promptUsage;
    private volatile Runnable listener = () -> {};
    private volatile boolean cancelled;

    @Override
    public Optional<Delta> next() throws InterruptedException {
        synchronized (news) {
            while (!isReady()) {
                news.wait();
            }
            if (!pieces.isEmpty()) {
                return Optional.of(pieces.remove());
            }
            if (failure != null) {
                throw failure;
            }
            return Optional.empty();
        }
    }

    @Override
    public boolean isReady() {
        synchronized (news) {
            return !pieces.isEmpty() || hasEnded();
        }
    }

    private boolean hasEnded() {
        return completion != null || failure != null;
    }

    @Override
    public Optional<Usage> promptUsage() {
        return Optional.ofNullable(promptUsage);
    }

    @Override
    public void onProgress(Runnable newListener) {
        listener = newListener;
        newListener.run();
    }

    @Override
    public void onEnd(Runnable action) {
        synchronized (news) {
            Runnable before = atEnd;
            if (before != null) {
                atEnd = new Both(before, action);
                return;
            }
        }
        action.run();
    }

    @Override
    public Completion await() throws InterruptedException {
        while (next().isPresent()) {
            // Pieces not yet read are in the completion too.
        }
        synchronized (news) {
            return completion;
        }
    }

    @Override
    public void cancel() {
        cancelled = true;
    }

    /** Whether the reader wants no more of it. */
    public boolean isCancelled() {
        return cancelled;
    }

    /** Tells the reader what the prompt cost, before the first piece. */
    public void prompt(Usage usage) {
        promptUsage = usage;
    }

    /** Hands the reader the next piece. */
    public void piece(Delta delta) {
        synchronized (news) {
            pieces.add(delta);
            news.notifyAll();
        }
        tellListener();
    }

    /** Ends the answer, unless it has ended. */
    public void end(Completion whole) {
        end(whole, null);
    }

    /** Ends the answer with what the reader is to be thrown, unless it has ended. */
    public void fail(VlmException cause) {
        end(null, cause);
    }

    private void end(Completion whole, VlmException cause) {
        Runnable last;
        synchronized (news) {
            if (!hasEnded()) {
                completion = whole;
                failure = cause;
                news.notifyAll();
            }
            last = atEnd;
            atEnd = null;
        }
        if (last != null) {
            tell(last);
        }
        tellListener();
    }

    private void tellListener() {
        tell(listener);
    }

    private static void tell(Runnable told) {
        try {
            told.run();
        } catch (RuntimeException | Error e) {
            // The thread that makes this answer makes those of others too.
            LOG.log(System.Logger.Level.WARNING, "The listener of an answer has failed", e);
        }
    }
}
