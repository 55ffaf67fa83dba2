package io.github.camelvlm.engine;

import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out on a thread of its own, while a step computes, which tokens the forms of answers may allow after it. What it does
 * not get done is done when it is needed.
 */
final class FormPreparer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FormPreparer.class);
    private static final int MAX_WAITING = 64;

    private final ThreadPoolExecutor executor;

    /** @param model the name that its thread shows */
    FormPreparer(String model) {
        executor = new ThreadPoolExecutor(
                0,
                1,
                10,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(MAX_WAITING),
                work -> {
                    Thread thread = new Thread(work, "vlm-forms-" + model);
                    thread.setDaemon(true);
                    return thread;
                },
                new ThreadPoolExecutor.DiscardPolicy());
    }

    /** Begins with what may come after a step of these sequences. Never fails. */
    void prepare(List<Sequence> batch) {
        attempt(() -> batch.stream()
                .filter(Sequence::choosesToken)
                .flatMap(sequence -> sequence.form().stream())
                .forEach(form -> executor.execute(() -> attempt(form::prepare))));
    }

    private static void attempt(Runnable work) {
        try {
            work.run();
        } catch (RuntimeException | Error e) {
            LOG.debug("What an answer's form allows next could not be prepared", e);
        }
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
