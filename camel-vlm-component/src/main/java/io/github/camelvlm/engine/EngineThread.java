package io.github.camelvlm.engine;

import io.github.camelvlm.chat.Closing;
import io.github.camelvlm.chat.EngineFault;
import io.github.camelvlm.chat.EngineStatistics;
import io.github.camelvlm.chat.EngineUnavailableException;
import io.github.camelvlm.chat.VlmException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that computes: schedule, run, hand out, over and over, until it is closed. What fails on the way ends a
 * request, or all of them, and never the thread.
 */
final class EngineThread implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EngineThread.class);
    /** A caller that asks one question after another is not made to wait for memory each time. */
    private static final long REST_MILLIS = 1000;

    private final Supplier<Scheduler> schedulers;
    private final ModelRunner runner;
    private final FormPreparer forms;
    private final FailureWatch watch;
    private final Consumer<Sequence> onEnd;
    private final EngineCounters counters = new EngineCounters();
    private final BlockingQueue<Sequence> arrivals = new LinkedBlockingQueue<>();
    private final Thread thread;
    private Scheduler scheduler;
    private volatile EngineFault end;
    private volatile boolean closed;

    /**
     * @param schedulers makes schedulers that know of no sequence
     * @param prepare run first, on the thread itself
     * @param onEnd told of every sequence that has ended, however it did
     */
    EngineThread(
            String model,
            Supplier<Scheduler> schedulers,
            ModelRunner runner,
            Runnable prepare,
            Consumer<Sequence> onEnd) {
        this.schedulers = schedulers;
        this.runner = runner;
        this.onEnd = onEnd;
        forms = new FormPreparer(model);
        watch = new FailureWatch(model, runner::tryOut);
        scheduler = schedulers.get();
        thread = new Thread(() -> live(prepare), "vlm-engine-" + model);
        thread.setDaemon(true);
        thread.start();
    }

    /** Whether it still takes sequences. */
    boolean isAlive() {
        return thread.isAlive() && !closed;
    }

    /** What keeps it from answering any request, if anything does. */
    Optional<EngineFault> fault() {
        return Optional.ofNullable(end).or(watch::fault);
    }

    EngineStatistics statistics() {
        return counters.snapshot();
    }

    /** @throws EngineUnavailableException if it is closed */
    void submit(Sequence sequence) {
        arrivals.add(sequence);
        // Closing empties the queue after it has set the flag: a caller that comes later takes its sequence back
        // itself.
        if (closed && arrivals.remove(sequence)) {
            throw closedException();
        }
    }

    private static EngineUnavailableException closedException() {
        return new EngineUnavailableException("The engine is closed: start its Camel context again");
    }

    private void live(Runnable prepare) {
        try {
            prepare.run();
            while (!closed) {
                takeArrivals();
                try {
                    step();
                } catch (RuntimeException | Error e) {
                    startOver(e);
                }
            }
        } catch (InterruptedException e) {
            LOG.debug("{} was interrupted", thread.getName());
        } catch (Throwable e) {
            end = new EngineFault(EngineFault.Kind.INTERNAL, "its thread has ended: " + e);
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
        for (Sequence next = arrivals.poll(); next != null; next = arrivals.poll()) {
            scheduler.add(next);
        }
    }

    private Sequence nextArrival() throws InterruptedException {
        Sequence soon = arrivals.poll(REST_MILLIS, TimeUnit.MILLISECONDS);
        while (soon == null) {
            attempt("Memory could not be given back", runner::rest);
            if (watch.fault().isEmpty() || watch.computes()) {
                return arrivals.take();
            }
            soon = arrivals.poll(REST_MILLIS, TimeUnit.MILLISECONDS);
        }
        return soon;
    }

    private void step() {
        for (Sequence sequence : scheduler.sequences()) {
            handOut(sequence, () -> sequence.finishIfAsked(System.nanoTime()));
        }
        removeFinished();
        Schedule schedule = scheduler.schedule();
        long start = System.nanoTime();
        copy(schedule.copies());
        schedule.slices().forEach(this::encode);
        // Neighbours with the same adapter cost as much as one.
        List<Sequence> batch = schedule.sequences().stream()
                .filter(Sequence::isScheduled)
                .filter(sequence -> foresee(sequence, schedule.riders()))
                .sorted(Comparator.comparingLong(Sequence::adapter))
                .toList();
        if (!batch.isEmpty()) {
            run(batch);
        }
        attempt("Pictures could not be forgotten", runner::trim);
        scheduler.took(schedule, System.nanoTime() - start);
        removeFinished();
    }

    /** Returns whether it could be done. */
    private static boolean foresee(Sequence sequence, int riders) {
        handOut(sequence, () -> sequence.foresee(riders));
        return sequence.isScheduled();
    }

    /** What is of no request's own may fail, and is done at the next opportunity. */
    private void attempt(String failure, Runnable work) {
        try {
            work.run();
        } catch (RuntimeException | Error e) {
            LOG.warn(failure, e);
            watch.computes();
        }
    }

    private void copy(List<CacheCopy> copies) {
        try {
            runner.copy(copies);
        } catch (RuntimeException | Error e) {
            LOG.warn("Keys and values could not be taken over, and are computed anew", e);
            watch.computes();
            // Each may take over what one before it has.
            copies.forEach(copy -> copy.to().takeOverNothing());
        }
    }

    private void encode(PictureSlice slice) {
        try {
            runner.encode(slice);
        } catch (RuntimeException | Error e) {
            LOG.warn("A picture could not be encoded", e);
            fail(slice.sequence(), "The model failed on " + slice.picture().name(), e);
        }
    }

    private void run(List<Sequence> batch) {
        StepResult result;
        try {
            forms.prepare(batch);
            result = runner.run(batch);
        } catch (RuntimeException | Error e) {
            if (batch.size() == 1) {
                LOG.warn("A request failed", e);
                fail(batch.get(0), "The model failed on this request", e);
            } else {
                // One sequence must not take the others with it, and a step leaves no trace until it has succeeded.
                LOG.warn("A step of {} requests failed, so they run one by one: {}", batch.size(), e.getMessage());
                batch.forEach(sequence -> run(List.of(sequence)));
            }
            return;
        }
        advance(batch, result);
    }

    private void advance(List<Sequence> batch, StepResult result) {
        for (int i = 0; i < batch.size(); i++) {
            Sequence sequence = batch.get(i);
            if (!sequence.scored().isEmpty()) {
                List<ScoredToken> scores = result.scores().get(i);
                handOut(sequence, () -> sequence.score(scores));
            }
            if (!sequence.choosesToken()) {
                sequence.advance();
                continue;
            }
            List<SampledToken> tokens = result.tokens().get(i);
            if (tokens.get(0).isChosen()) {
                watch.succeeded();
                handOut(sequence, () -> sequence.advance(tokens));
            } else {
                NotFiniteException notFinite = new NotFiniteException();
                LOG.warn("A request failed: {}", notFinite.getMessage());
                scheduler.forget(sequence);
                attempt("Pictures could not be forgotten", () -> runner.forget(sequence));
                fail(sequence, "The model failed on this request", notFinite);
            }
        }
    }

    /** The answer that cannot be handed out is no other's loss. */
    private static void handOut(Sequence sequence, Runnable work) {
        try {
            work.run();
        } catch (RuntimeException | Error e) {
            LOG.warn("An answer could not be put together", e);
            sequence.fail(new VlmException("The answer could not be put together: " + e, e));
        }
    }

    private void fail(Sequence sequence, String what, Throwable cause) {
        String message = what + ": " + cause.getMessage();
        sequence.fail(
                watch.computes()
                        ? new VlmException(message, cause)
                        : new EngineUnavailableException(
                                message + ". It fails on everything at present: try again later", cause));
    }

    private void removeFinished() {
        List<Sequence> finished = scheduler.removeFinished();
        finished.forEach(counters::ended);
        counters.observe(scheduler);
        for (Sequence sequence : finished) {
            onEnd.accept(sequence);
        }
    }

    /** Ends all requests, since who holds what may be known no more. */
    private void startOver(Throwable cause) {
        LOG.error("{} has failed, ends its requests and starts over", thread.getName(), cause);
        List<Sequence> all = scheduler.sequences();
        scheduler = schedulers.get();
        attempt(
                "The requests could not all be ended",
                () -> Closing.each(
                        all,
                        sequence -> Closing.all(
                                () -> fail(sequence, "The engine failed", cause),
                                () -> counters.ended(sequence),
                                () -> onEnd.accept(sequence))));
        counters.observe(scheduler);
    }

    private void failAll() {
        EngineUnavailableException failure = closedException();
        Closing.all(() -> Closing.each(scheduler.sequences(), sequence -> end(sequence, failure)), () -> {
            for (Sequence next = arrivals.poll(); next != null; next = arrivals.poll()) {
                end(next, failure);
            }
        });
    }

    private void end(Sequence sequence, VlmException failure) {
        Closing.all(() -> sequence.fail(failure), () -> onEnd.accept(sequence));
    }

    /** Ends all sequences with an {@link EngineUnavailableException} and returns when the thread has ended. */
    @Override
    public void close() {
        closed = true;
        forms.close();
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
