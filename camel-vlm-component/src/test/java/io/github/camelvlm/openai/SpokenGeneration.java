package io.github.camelvlm.openai;

import io.github.camelvlm.chat.Completion;
import io.github.camelvlm.chat.Delta;
import io.github.camelvlm.chat.FinishReason;
import io.github.camelvlm.chat.Generation;
import io.github.camelvlm.chat.Timings;
import io.github.camelvlm.chat.Usage;
import io.github.camelvlm.chat.VlmException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** A generation whose pieces a test says, from any thread. */
final class SpokenGeneration implements Generation {
    private final BlockingQueue<Optional<Delta>> pieces = new LinkedBlockingQueue<>();
    private Runnable listener = () -> {};
    private int tokens;
    private boolean ended;
    private Completion completion;
    private VlmException failure;
    private boolean cancelled;

    SpokenGeneration say(String... texts) {
        for (String text : texts) {
            say(new Delta(text, List.of(1), List.of()));
        }
        return this;
    }

    SpokenGeneration say(Delta delta) {
        tokens++;
        pieces.add(Optional.of(delta));
        listener.run();
        return this;
    }

    SpokenGeneration end(FinishReason reason) {
        completion = new Completion(
                "m",
                "",
                List.of(),
                List.of(),
                List.of(),
                reason,
                new Usage(19, tokens),
                new Timings(null, List.of(), Duration.ofMillis(1)),
                List.of());
        pieces.add(Optional.empty());
        listener.run();
        return this;
    }

    SpokenGeneration fail(VlmException cause) {
        failure = cause;
        pieces.add(Optional.empty());
        listener.run();
        return this;
    }

    boolean isCancelled() {
        return cancelled;
    }

    @Override
    public Optional<Delta> next() throws InterruptedException {
        Optional<Delta> piece = ended ? Optional.empty() : pieces.take();
        ended = piece.isEmpty();
        if (ended && failure != null) {
            throw failure;
        }
        return piece;
    }

    @Override
    public boolean isReady() {
        return ended || !pieces.isEmpty();
    }

    @Override
    public Optional<Usage> promptUsage() {
        return Optional.of(new Usage(19, 0, 7));
    }

    @Override
    public void onProgress(Runnable newListener) {
        listener = newListener;
        newListener.run();
    }

    @Override
    public void onEnd(Runnable action) {
        throw new UnsupportedOperationException("No test asks for the end of what it says itself");
    }

    @Override
    public Completion await() {
        return completion;
    }

    @Override
    public void cancel() {
        cancelled = true;
    }
}
