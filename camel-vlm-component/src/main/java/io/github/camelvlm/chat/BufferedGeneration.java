package io.github.camelvlm.chat;

import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * The reader's end of an answer that another thread makes. The pieces wait in a queue, so a slow reader costs the engine
 * nothing; an answer is bounded by its length, and so is the queue.
 */
public class BufferedGeneration implements Generation {
    private static final System.Logger LOG = System.getLogger(BufferedGeneration.class.getName());

    private sealed interface Event {}

    private record Piece(Delta delta) implements Event {}

    private record End(Completion completion) implements Event {}

    private record Failure(VlmException cause) implements Event {}

    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private volatile Runnable listener = () -> {};
    private volatile boolean cancelled;
    /** The reader's own: the last event, once it has been read. */
    private Event end;

    @Override
    public Optional<Delta> next() throws InterruptedException {
        if (end == null) {
            Event event = events.take();
            if (event instanceof Piece piece) {
                return Optional.of(piece.delta());
            }
            end = event;
        }
        if (end instanceof Failure failure) {
            throw failure.cause();
        }
        return Optional.empty();
    }

    @Override
    public boolean isReady() {
        return end != null || !events.isEmpty();
    }

    @Override
    public void onProgress(Runnable newListener) {
        listener = newListener;
        newListener.run();
    }

    @Override
    public Completion await() throws InterruptedException {
        while (next().isPresent()) {
            // Pieces not yet read are in the completion too.
        }
        return ((End) end).completion();
    }

    @Override
    public void cancel() {
        cancelled = true;
    }

    /** Whether the reader wants no more of it. */
    public boolean isCancelled() {
        return cancelled;
    }

    /** Hands the reader the next piece. */
    public void piece(Delta delta) {
        add(new Piece(delta));
    }

    /** Ends the answer. Neither {@link #end} nor {@link #fail} may follow. */
    public void end(Completion completion) {
        add(new End(completion));
    }

    /** Ends the answer with what the reader is to be thrown. */
    public void fail(VlmException cause) {
        add(new Failure(cause));
    }

    private void add(Event event) {
        events.add(event);
        try {
            listener.run();
        } catch (RuntimeException e) {
            // The thread that makes this answer makes those of others too.
            LOG.log(System.Logger.Level.WARNING, "The listener of an answer has failed", e);
        }
    }
}
