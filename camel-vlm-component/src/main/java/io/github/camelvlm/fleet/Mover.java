package io.github.camelvlm.fleet;

import io.github.camelvlm.chat.Closing;
import io.github.camelvlm.chat.EngineStatistics;
import io.github.camelvlm.chat.EngineUnavailableException;
import io.github.camelvlm.chat.VlmEngine;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads the models of a room, one at a time and in the order in which they were asked for, and unloads those that make room
 * for them or are not asked for any more; none while a request of it runs. One thread does both, so that what is free does not
 * change while it reckons.
 */
final class Mover {
    private static final Logger LOG = LoggerFactory.getLogger(Mover.class);

    private final ModelRoom room;
    private final RoomOptions options;
    private final Space space;
    private final Thread thread;

    /** @param space tells how much room there is */
    Mover(ModelRoom room, RoomOptions options, Space space) {
        this.room = room;
        this.options = options;
        this.space = space;
        thread = new Thread(this::live, "vlm-models");
        thread.setDaemon(true);
    }

    /**
     * Begins, with those that are to be there from the start.
     *
     * @throws io.github.camelvlm.chat.ModelLoadException if one of these cannot be loaded
     */
    void start() {
        if (options.isFilledAtStart()) {
            fill();
        }
        thread.start();
    }

    private void fill() {
        try {
            room.tenants().forEach(this::bringIfItFits);
        } catch (RuntimeException | Error e) {
            try {
                Closing.each(room.loaded(), VlmEngine::close);
            } catch (RuntimeException | Error closing) {
                e.addSuppressed(closing);
            }
            throw e;
        }
    }

    private void bringIfItFits(Tenant tenant) {
        tenant.need = tenant.source.need();
        if (space.hasRoomFor(tenant, room.tenants())) {
            tenant.came(tenant.source.load());
        } else {
            LOG.warn(
                    "Model {} does not fit beside those before it, and is loaded when it is asked for",
                    tenant.source.name());
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
            room.refuse();
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
            warn("A model could not be loaded or unloaded", e);
            return true;
        }
    }

    private static void warn(String what, Throwable failure) {
        try {
            LOG.error(what, failure);
        } catch (Error e) {
            // There is no memory even for that.
        }
    }

    /** Does the next thing there is to do, once there is one; returns whether there may be more. */
    private boolean turn() throws InterruptedException {
        Tenant next;
        Tenant idle;
        room.lock().lock();
        try {
            next = wanted();
            idle = forgotten();
            while (!room.isClosed() && next == null && idle == null) {
                awaitNews();
                next = wanted();
                idle = forgotten();
            }
            if (room.isClosed()) {
                return false;
            }
        } finally {
            room.lock().unlock();
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
        for (Tenant tenant : room.tenants()) {
            if (tenant.isIdle() && !options.modelIdle().isZero()) {
                least = Math.min(least, tenant.lastUsed + options.modelIdle().toNanos() - System.nanoTime());
            }
        }
        if (least == Long.MAX_VALUE) {
            room.news().await();
        } else {
            room.news().awaitNanos(Math.max(1, least));
        }
    }

    /** The one that was asked for first of those that are waited for; null if none is. */
    private Tenant wanted() {
        Tenant first = null;
        for (Tenant tenant : room.tenants()) {
            if (tenant.arrival != null && (first == null || tenant.arrival.number < first.arrival.number)) {
                first = tenant;
            }
        }
        return first;
    }

    /** One that has been idle for longer than it may; null if none has. */
    private Tenant forgotten() {
        for (Tenant tenant : room.tenants()) {
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
        room.lock().lock();
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
            room.news().signalAll();
        } finally {
            room.lock().unlock();
        }
    }

    /**
     * Unloads as many models as must go for one that comes, and waits for requests of theirs to end.
     *
     * @return whether it is to be loaded: not if it is there, or no caller waits for it any more
     * @throws EngineUnavailableException if there would not be room even then
     */
    private boolean makeRoom(Tenant coming) throws InterruptedException {
        coming.need = coming.source.need();
        try {
            while (true) {
                Tenant next;
                room.lock().lock();
                try {
                    if (room.isClosed() || coming.engine != null || coming.arrival.waiting == 0) {
                        return false;
                    }
                    List<Tenant> leaving = space.leaving(coming, room.tenants());
                    if (leaving.isEmpty()) {
                        return true;
                    }
                    leaving.forEach(tenant -> tenant.hasToGo = true);
                    next = leaving.stream().filter(Tenant::isIdle).findFirst().orElse(null);
                    if (next == null) {
                        room.news().await();
                    }
                } finally {
                    room.lock().unlock();
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
        room.lock().lock();
        try {
            room.tenants().forEach(tenant -> tenant.hasToGo = false);
            room.news().signalAll();
        } finally {
            room.lock().unlock();
        }
    }

    private void unload(Tenant tenant, String why) {
        VlmEngine engine;
        room.lock().lock();
        try {
            if (!tenant.isIdle()) {
                return;
            }
            // No caller enters it from here on.
            tenant.hasToGo = true;
            engine = tenant.engine;
        } finally {
            room.lock().unlock();
        }
        EngineStatistics done = EngineStatistics.NONE;
        try {
            engine.close();
            LOG.info("Model {} {}, and is unloaded", tenant.source.name(), why);
            done = engine.statistics();
        } catch (RuntimeException | Error e) {
            warn("Model " + tenant.source.name() + " could not be unloaded as a whole", e);
        } finally {
            // Else a closed engine would be asked from now on.
            room.lock().lock();
            try {
                tenant.went(done);
            } finally {
                room.news().signalAll();
                room.lock().unlock();
            }
        }
    }

    /** What is being loaded is loaded to its end, since nothing can break that off. */
    void awaitEnd() {
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
