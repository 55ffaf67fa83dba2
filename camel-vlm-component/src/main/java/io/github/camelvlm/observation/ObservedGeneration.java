package io.github.camelvlm.observation;

import io.github.camelvlm.chat.Completion;
import io.github.camelvlm.chat.Delta;
import io.github.camelvlm.chat.Generation;
import io.github.camelvlm.chat.Usage;
import java.util.List;
import java.util.Optional;

/** An answer whose end is told once, by the thread that reads it. One that is not read to its end counts with the engine alone. */
public final class ObservedGeneration implements Generation {
    private final Generation generation;
    private final ObservedAnswer observed;
    private boolean isTold;

    /**
     * @param generation the answer
     * @param observed is told of its end
     */
    public ObservedGeneration(Generation generation, ObservedAnswer observed) {
        this.generation = generation;
        this.observed = observed;
    }

    @Override
    public Optional<Delta> next() throws InterruptedException {
        try {
            Optional<Delta> next = generation.next();
            if (next.isEmpty()) {
                ended(generation.await());
            }
            return next;
        } catch (RuntimeException | Error e) {
            failed(e);
            throw e;
        }
    }

    @Override
    public Completion await() throws InterruptedException {
        try {
            Completion completion = generation.await();
            ended(completion);
            return completion;
        } catch (RuntimeException | Error e) {
            failed(e);
            throw e;
        }
    }

    private void ended(Completion completion) {
        if (!isTold) {
            isTold = true;
            observed.ended(List.of(completion));
        }
    }

    private void failed(Throwable failure) {
        if (!isTold) {
            isTold = true;
            observed.failed(failure);
        }
    }

    @Override
    public boolean isReady() {
        return generation.isReady();
    }

    @Override
    public Optional<Usage> promptUsage() {
        return generation.promptUsage();
    }

    @Override
    public void onEnd(Runnable action) {
        generation.onEnd(action);
    }

    @Override
    public void onProgress(Runnable listener) {
        generation.onProgress(listener);
    }

    @Override
    public void cancel() {
        generation.cancel();
    }
}
