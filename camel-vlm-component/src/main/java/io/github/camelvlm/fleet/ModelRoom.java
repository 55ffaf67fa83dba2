package io.github.camelvlm.fleet;

import io.github.camelvlm.chat.Closing;
import io.github.camelvlm.chat.EngineStatistics;
import io.github.camelvlm.chat.EngineUnavailableException;
import io.github.camelvlm.chat.ModelPresence;
import io.github.camelvlm.chat.QueueFullException;
import io.github.camelvlm.chat.VlmEngine;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The memory that several models share, as callers see it: a caller that asks for a model waits until it is there, and holds
 * it until the request has ended. Its {@link Mover} loads and unloads.
 */
final class ModelRoom {
    private final RoomOptions options;
    private final Mover mover;
    /** Guards what is below it, and the tenants. */
    private final ReentrantLock lock = new ReentrantLock();

    /** Something came, went, ended, or is wanted. */
    private final Condition news = lock.newCondition();

    private final List<Tenant> tenants;

    private long arrivals;
    private boolean isClosed;

    /**
     * @param space tells how much room there is
     * @throws io.github.camelvlm.chat.ModelLoadException if a model cannot be loaded, as far as that shows, or it is to be
     *     loaded now
     * @throws IllegalArgumentException if a model takes more than the options allow
     */
    ModelRoom(RoomOptions options, Space space, Collection<? extends ModelSource> sources) {
        this.options = options;
        tenants = sources.stream().map(Tenant::new).toList();
        sources.forEach(source -> source.foreseen().ifPresent(need -> space.requireAllowed(source.name(), need)));
        mover = new Mover(this, options, space);
        mover.start();
    }

    /** The models, in the order of their sources. */
    List<Tenant> tenants() {
        return tenants;
    }

    /** Those that are loaded. */
    List<VlmEngine> loaded() {
        return tenants.stream()
                .flatMap(tenant -> Stream.ofNullable(tenant.engine))
                .toList();
    }

    /** Guards the tenants. */
    ReentrantLock lock() {
        return lock;
    }

    /** Told when one came, went, ended, or is wanted. */
    Condition news() {
        return news;
    }

    private <T> T locked(Supplier<T> look) {
        lock.lock();
        try {
            return look.get();
        } finally {
            lock.unlock();
        }
    }

    boolean isClosed() {
        return locked(() -> isClosed);
    }

    /**
     * The engine of a model, which stays until {@link #leave} is called once; waits while it is loaded.
     *
     * @param limit how long; null for as long as it takes
     * @param cancellation ends the waiting when it completes
     * @throws EngineUnavailableException if it cannot be loaded, or not in time
     * @throws QueueFullException if too many wait for it already
     * @throws InterruptedException if the calling thread is interrupted
     */
    VlmEngine enter(Tenant tenant, Duration limit, CompletionStage<?> cancellation) throws InterruptedException {
        long end = System.nanoTime() + (limit == null ? 0 : limit.toNanos());
        lock.lockInterruptibly();
        try {
            requireOpen();
            if (tenant.engine != null && !tenant.hasToGo) {
                tenant.uses++;
                return tenant.engine;
            }
            Tenant.Arrival arrival = want(tenant);
            cancellation.whenComplete((done, failure) -> tell());
            await(tenant, arrival, limit == null ? null : end, cancellation);
            return tenant.engine;
        } finally {
            lock.unlock();
        }
    }

    private Tenant.Arrival want(Tenant tenant) {
        if (tenant.arrival == null) {
            tenant.arrival = new Tenant.Arrival(arrivals++);
            news.signalAll();
        }
        if (tenant.arrival.waiting >= options.places()) {
            throw new QueueFullException("Model " + tenant.source.name() + " is being loaded, and " + options.places()
                    + " requests wait for it. Try again later, or raise queueLength");
        }
        return tenant.arrival;
    }

    private void await(Tenant tenant, Tenant.Arrival arrival, Long end, CompletionStage<?> cancellation)
            throws InterruptedException {
        boolean isIn = false;
        arrival.waiting++;
        try {
            while (!arrival.hasEnded) {
                requireOpen();
                if (cancellation.toCompletableFuture().isDone()) {
                    throw new EngineUnavailableException(
                            "The client has left while model " + tenant.source.name() + " was being loaded");
                }
                if (end == null) {
                    news.await();
                } else if (news.awaitNanos(end - System.nanoTime()) <= 0 && !arrival.hasEnded) {
                    throw new EngineUnavailableException("Model " + tenant.source.name()
                            + " is not loaded yet, and the request's time is over: try again later");
                }
            }
            if (arrival.failure != null) {
                throw LoadFailures.told(tenant.source.name(), arrival.failure);
            }
            isIn = true;
        } finally {
            if (!isIn) {
                giveUp(tenant, arrival);
            }
        }
    }

    private void giveUp(Tenant tenant, Tenant.Arrival arrival) {
        arrival.waiting--;
        if (arrival.hasEnded && arrival.failure == null) {
            leave(tenant);
        } else {
            // The last one that waited may have been it.
            news.signalAll();
        }
    }

    private void requireOpen() {
        if (isClosed) {
            throw new EngineUnavailableException("The models are closed: start their Camel context again");
        }
    }

    private void tell() {
        lock.lock();
        try {
            news.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Notes that a request of a model has ended. */
    void leave(Tenant tenant) {
        lock.lock();
        try {
            tenant.uses--;
            tenant.lastUsed = System.nanoTime();
            news.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** The engine of a model, if it is loaded; for a look at it, since it may go at any time. */
    Optional<VlmEngine> peek(Tenant tenant) {
        return locked(() -> Optional.ofNullable(tenant.engine));
    }

    EngineStatistics statistics(Tenant tenant) {
        return locked(tenant::statistics);
    }

    ModelPresence presence(Tenant tenant) {
        return locked(tenant::presence);
    }

    /** Takes no further requests; those that wait are told so. */
    void refuse() {
        lock.lock();
        try {
            isClosed = true;
            news.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Takes no further requests, waits until those before are answered, and unloads all.
     *
     * @param grace the longest wait
     */
    void shutdown(Duration grace) {
        long end = System.nanoTime() + grace.toNanos();
        stop();
        Closing.each(loaded(), engine -> engine.shutdown(Duration.ofNanos(Math.max(0, end - System.nanoTime()))));
    }

    /** Takes no further requests, ends all that there are, and unloads all. */
    void close() {
        stop();
        Closing.each(loaded(), VlmEngine::close);
    }

    private void stop() {
        refuse();
        mover.awaitEnd();
    }
}
