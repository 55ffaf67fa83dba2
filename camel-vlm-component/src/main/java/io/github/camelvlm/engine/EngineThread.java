package io.github.camelvlm.engine;

import io.github.camelvlm.chat.EngineStatistics;
import io.github.camelvlm.chat.EngineUnavailableException;
import io.github.camelvlm.chat.VlmException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one thread that computes: schedule, run, hand out, over and over, until it is closed. */
final class EngineThread implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EngineThread.class);
    /** Whoever asks one question after another is not made to wait for memory each time. */
    private static final long REST_MILLIS = 1000;

    private final Scheduler scheduler;
    private final ModelRunner runner;
    private final Consumer<Sequence> onEnd;
    private final EngineCounters counters = new EngineCounters();
    private final BlockingQueue<Sequence> arrivals = new LinkedBlockingQueue<>();
    private final Thread thread;
    private volatile boolean closed;

    /**
     * @param prepare run first, on the thread itself
     * @param onEnd told of every sequence that has ended, however it did
     */
    EngineThread(String name, Scheduler scheduler, ModelRunner runner, Runnable prepare, Consumer<Sequence> onEnd) {
        this.scheduler = scheduler;
        this.runner = runner;
        this.onEnd = onEnd;
        thread = new Thread(
                () -> {
                    prepare.run();
                    loop();
                },
                name);
        thread.setDaemon(true);
        thread.start();
    }

    /** Whether it still computes. */
    boolean isAlive() {
        return thread.isAlive() && !closed;
    }

    EngineStatistics statistics() {
        return counters.snapshot();
    }

    /** @throws EngineUnavailableException if it is closed */
    void submit(Sequence sequence) {
        arrivals.add(sequence);
        // Closing empties the queue after it has set the flag: whoever comes later takes his sequence back himself.
        if (closed && arrivals.remove(sequence)) {
            throw closedException();
        }
    }

    private static EngineUnavailableException closedException() {
        return new EngineUnavailableException("The engine is closed: start its Camel context again");
    }

    private void loop() {
        try {
            while (!closed) {
                takeArrivals();
                scheduler.sequences().forEach(sequence -> sequence.finishIfAsked(System.nanoTime()));
                removeFinished();
                Schedule schedule = scheduler.schedule();
                long start = System.nanoTime();
                runner.copy(schedule.copies());
                schedule.slices().forEach(this::encode);
                if (!schedule.sequences().isEmpty()) {
                    run(schedule.sequences());
                }
                runner.trim();
                scheduler.took(schedule, System.nanoTime() - start);
                removeFinished();
            }
        } catch (InterruptedException e) {
            LOG.debug("{} was interrupted", thread.getName());
        } catch (Throwable e) {
            LOG.error("{} has failed and answers no more", thread.getName(), e);
        } finally {
            closed = true;
            failAll();
        }
    }

    private void takeArrivals() throws InterruptedException {
        if (scheduler.isIdle()) {
            scheduler.add(nextArrival());
        }
        List<Sequence> arrived = new ArrayList<>();
        arrivals.drainTo(arrived);
        arrived.forEach(scheduler::add);
    }

    private Sequence nextArrival() throws InterruptedException {
        Sequence soon = arrivals.poll(REST_MILLIS, TimeUnit.MILLISECONDS);
        if (soon != null) {
            return soon;
        }
        runner.rest();
        return arrivals.take();
    }

    private void encode(PictureSlice slice) {
        try {
            runner.encode(slice);
        } catch (RuntimeException | OutOfMemoryError e) {
            LOG.warn("A picture could not be encoded", e);
            slice.sequence()
                    .fail(new VlmException(
                            "The model failed on " + slice.picture().name() + ": " + e.getMessage(), e));
        }
    }

    private void run(List<Sequence> batch) {
        try {
            advance(batch, runner.run(batch));
        } catch (RuntimeException | OutOfMemoryError e) {
            if (batch.size() == 1) {
                LOG.warn("A request failed", e);
                batch.get(0).fail(new VlmException("The model failed on this request: " + e.getMessage(), e));
            } else {
                // One sequence must not take the others with it, and a step leaves no trace until it has succeeded.
                LOG.warn("A step of {} requests failed, so they run one by one: {}", batch.size(), e.getMessage());
                batch.forEach(sequence -> run(List.of(sequence)));
            }
        }
    }

    private static void advance(List<Sequence> batch, List<SampledToken> tokens) {
        int next = 0;
        for (Sequence sequence : batch) {
            if (sequence.choosesToken()) {
                sequence.advance(tokens.get(next++));
            } else {
                sequence.advance();
            }
        }
    }

    private void removeFinished() {
        List<Sequence> finished = scheduler.removeFinished();
        finished.forEach(counters::ended);
        counters.observe(scheduler);
        for (Sequence sequence : finished) {
            onEnd.accept(sequence);
        }
    }

    private void failAll() {
        List<Sequence> rest = new ArrayList<>(scheduler.sequences());
        arrivals.drainTo(rest);
        rest.forEach(sequence -> {
            sequence.fail(closedException());
            onEnd.accept(sequence);
        });
    }

    /** Ends all sequences with an {@link EngineUnavailableException} and returns when the thread has ended. */
    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
