package io.github.camelvlm.fleet;

import io.github.camelvlm.chat.Closing;
import io.github.camelvlm.chat.EngineStatistics;
import io.github.camelvlm.chat.EngineUnavailableException;
import io.github.camelvlm.chat.ModelPresence;
import io.github.camelvlm.chat.QueueFullException;
import io.github.camelvlm.chat.VlmEngine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The memory that several models share. A model is loaded when it is asked for, one at a time and in the order in which they
 * were asked for; those that were used longest ago make room for it, none of them while a request of it runs. One thread
 * loads and unloads, so that what is free does not change while it reckons.
 */
final class ModelRoom {
    private static final Logger LOG = LoggerFactory.getLogger(ModelRoom.class);

    private final RoomOptions options;
    private final Space space;
    private final Thread thread;
    /** Guards what is below it, and the tenants. */
    private final ReentrantLock lock = new ReentrantLock();

    /** Something came, went, ended, or is wanted. */
    private final Condition news = lock.newCondition();

    private final List<Tenant> tenants = new ArrayList<>();
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
        this.space = space;
        sources.forEach(source -> tenants.add(new Tenant(source)));
        sources.forEach(source -> source.foreseen().ifPresent(need -> space.requireAllowed(source.name(), need)));
        thread = new Thread(this::live, "vlm-models");
        thread.setDaemon(true);
        if (options.isFilledAtStart()) {
            fill();
        }
        thread.start();
    }

    private void fill() {
        try {
            tenants.forEach(this::bringIfItFits);
        } catch (RuntimeException | Error e) {
            try {
                Closing.each(loaded(), VlmEngine::close);
            } catch (RuntimeException | Error closing) {
                e.addSuppressed(closing);
            }
            throw e;
        }
    }

    private void bringIfItFits(Tenant tenant) {
        tenant.need = tenant.source.need();
        if (space.hasRoomFor(tenant, tenants)) {
            tenant.came(tenant.source.load());
        } else {
            LOG.warn(
                    "Model {} does not fit beside those before it, and is loaded when it is asked for",
                    tenant.source.name());
        }
    }

    private List<VlmEngine> loaded() {
        return tenants.stream()
                .flatMap(tenant -> Stream.ofNullable(tenant.engine))
                .toList();
    }

    /** The models, in the order of their sources. */
    List<Tenant> tenants() {
        return List.copyOf(tenants);
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
                            "Nobody waits any more for model " + tenant.source.name() + ", which is being loaded");
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
        lock.lock();
        try {
            return Optional.ofNullable(tenant.engine);
        } finally {
            lock.unlock();
        }
    }

    EngineStatistics statistics(Tenant tenant) {
        lock.lock();
        try {
            return tenant.statistics();
        } finally {
            lock.unlock();
        }
    }

    ModelPresence presence(Tenant tenant) {
        lock.lock();
        try {
            return tenant.presence();
        } finally {
            lock.unlock();
        }
    }

    boolean isOpen() {
        lock.lock();
        try {
            return !isClosed;
        } finally {
            lock.unlock();
        }
    }

    private void live() {
        try {
            boolean goesOn = true;
            while (goesOn) {
                goesOn = attemptTurn();
            }
        } finally {
            // Whatever has ended this thread: nothing comes any more for those that wait.
            refuse();
        }
    }

    /** Returns whether there may be more to do. */
    private boolean attemptTurn() {
        try {
            return turn();
        } catch (InterruptedException e) {
            return false;
        } catch (RuntimeException | Error e) {
            // Others want models too.
            warn(e);
            return true;
        }
    }

    private static void warn(Throwable failure) {
        try {
            LOG.error("A model could not be loaded or unloaded", failure);
        } catch (Error e) {
            // There is no memory even for that.
        }
    }

    private void refuse() {
        lock.lock();
        try {
            isClosed = true;
            news.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Does the next thing there is to do, once there is one; returns whether there may be more. */
    private boolean turn() throws InterruptedException {
        Tenant next;
        Tenant idle;
        lock.lock();
        try {
            next = wanted();
            idle = forgotten();
            while (!isClosed && next == null && idle == null) {
                awaitNews();
                next = wanted();
                idle = forgotten();
            }
            if (isClosed) {
                return false;
            }
        } finally {
            lock.unlock();
        }
        if (next != null) {
            bring(next);
        } else {
            unload(idle, "was not asked for " + options.modelIdle().toMillis() + " ms");
        }
        return true;
    }

    private void awaitNews() throws InterruptedException {
        long least = Long.MAX_VALUE;
        for (Tenant tenant : tenants) {
            if (tenant.isIdle() && !options.modelIdle().isZero()) {
                least = Math.min(least, tenant.lastUsed + options.modelIdle().toNanos() - System.nanoTime());
            }
        }
        if (least == Long.MAX_VALUE) {
            news.await();
        } else {
            news.awaitNanos(Math.max(1, least));
        }
    }

    /** The one that was asked for first of those that are waited for; null if none is. */
    private Tenant wanted() {
        Tenant first = null;
        for (Tenant tenant : tenants) {
            if (tenant.arrival != null && (first == null || tenant.arrival.number < first.arrival.number)) {
                first = tenant;
            }
        }
        return first;
    }

    /** One that has been idle for longer than it may; null if none has. */
    private Tenant forgotten() {
        for (Tenant tenant : tenants) {
            boolean isIdle = tenant.isIdle() && !options.modelIdle().isZero();
            if (isIdle
                    && System.nanoTime() - tenant.lastUsed
                            >= options.modelIdle().toNanos()) {
                return tenant;
            }
        }
        return null;
    }

    private void bring(Tenant tenant) throws InterruptedException {
        VlmEngine engine = null;
        Throwable failure = null;
        try {
            if (makeRoom(tenant)) {
                engine = tenant.source.load();
            }
        } catch (RuntimeException | Error e) {
            failure = e;
        } finally {
            end(tenant, engine, failure);
        }
        if (failure instanceof EngineUnavailableException) {
            LOG.warn("Model {} is not loaded: {}", tenant.source.name(), failure.getMessage());
        } else if (failure != null) {
            LOG.error("Model {} cannot be loaded", tenant.source.name(), failure);
        }
    }

    /** What is done here takes no memory: those that wait are told when there is none, too. */
    private void end(Tenant tenant, VlmEngine engine, Throwable failure) {
        lock.lock();
        try {
            Tenant.Arrival arrival = tenant.arrival;
            if (engine != null) {
                tenant.came(engine);
            }
            if (failure != null) {
                tenant.failed();
            }
            // It may have been given up by all, and then been asked for again: it is still wanted.
            boolean isDecided = failure != null || tenant.engine != null;
            if (isDecided || arrival.waiting == 0) {
                tenant.arrival = null;
                arrival.failure = failure;
                arrival.hasEnded = true;
            }
            if (isDecided && failure == null) {
                tenant.uses += arrival.waiting;
            }
            news.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Unloads as many models as must go for one that comes, and waits for requests of theirs to end.
     *
     * @return whether it is to be loaded: not if it is there, or nobody waits for it any more
     * @throws EngineUnavailableException if there would not be room even then
     */
    private boolean makeRoom(Tenant coming) throws InterruptedException {
        coming.need = coming.source.need();
        try {
            while (true) {
                Tenant next;
                lock.lock();
                try {
                    if (isClosed || coming.engine != null || coming.arrival.waiting == 0) {
                        return false;
                    }
                    List<Tenant> leaving = space.leaving(coming, tenants);
                    if (leaving.isEmpty()) {
                        return true;
                    }
                    leaving.forEach(tenant -> tenant.hasToGo = true);
                    next = leaving.stream().filter(Tenant::isIdle).findFirst().orElse(null);
                    if (next == null) {
                        news.await();
                    }
                } finally {
                    lock.unlock();
                }
                if (next != null) {
                    unload(next, "makes room for " + coming.source.name());
                }
            }
        } finally {
            stay();
        }
    }

    /** Those that have not gone need not go any more. */
    private void stay() {
        lock.lock();
        try {
            tenants.forEach(tenant -> tenant.hasToGo = false);
            news.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void unload(Tenant tenant, String why) {
        VlmEngine engine;
        lock.lock();
        try {
            if (!tenant.isIdle()) {
                return;
            }
            // Nobody enters it from here on.
            tenant.hasToGo = true;
            engine = tenant.engine;
        } finally {
            lock.unlock();
        }
        try {
            engine.close();
            LOG.info("Model {} {}, and is unloaded", tenant.source.name(), why);
        } catch (RuntimeException | Error e) {
            LOG.warn("Model {} could not be unloaded as a whole", tenant.source.name(), e);
        }
        EngineStatistics done = engine.statistics();
        lock.lock();
        try {
            tenant.went(done);
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
        awaitThread();
    }

    /** What is being loaded is loaded to its end, since nothing can break that off. */
    private void awaitThread() {
        boolean isInterrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join(TimeUnit.SECONDS.toMillis(1));
            } catch (InterruptedException e) {
                isInterrupted = true;
            }
        }
        if (isInterrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
