package io.github.camelvlm.fleet;

import io.github.camelvlm.chat.EngineStatistics;
import io.github.camelvlm.chat.ModelPresence;
import io.github.camelvlm.chat.VlmEngine;
import java.util.Map;

/** A model of a room, loaded or not. Its {@link ModelRoom} guards all of it. */
final class Tenant {

    /** The loading that requests wait for. It ends once, with an engine or with what went wrong. */
    static final class Arrival {
        /** Those with smaller numbers come first. */
        final long number;

        /** Those that wait; when the engine is there each has a use of it. */
        int waiting;

        boolean hasEnded;
        Throwable failure;

        Arrival(long number) {
            this.number = number;
        }
    }

    final ModelSource source;
    /** Null while it is not loaded. */
    VlmEngine engine;

    /** What it takes of each device, once that is known. */
    Map<String, Long> need = Map.of();

    /** The requests that have its engine. */
    int uses;
    /** When it was asked last, by {@link System#nanoTime}. */
    long lastUsed;
    /** Whether it goes as soon as its requests have ended, and takes no more until then. */
    boolean hasToGo;
    /** Null while no caller waits for it. */
    Arrival arrival;

    private EngineStatistics past = EngineStatistics.NONE;
    private long loads;
    private long unloads;
    private long failures;

    Tenant(ModelSource source) {
        this.source = source;
    }

    boolean isIdle() {
        return engine != null && uses == 0;
    }

    void came(VlmEngine loaded) {
        engine = loaded;
        loads++;
        lastUsed = System.nanoTime();
    }

    void failed() {
        failures++;
    }

    /** @param done what its engine has done in its time */
    void went(EngineStatistics done) {
        engine = null;
        hasToGo = false;
        unloads++;
        past = past.plus(new EngineStatistics(
                0,
                0,
                0,
                done.ended(),
                done.failed(),
                done.promptTokens(),
                done.cachedTokens(),
                done.completionTokens(),
                done.pictures(),
                done.knownPictures(),
                done.drafts(),
                done.draftTokens(),
                done.acceptedTokens()));
    }

    EngineStatistics statistics() {
        EngineStatistics all = engine == null ? past : past.plus(engine.statistics());
        return arrival == null ? all : all.plus(waiting(arrival.waiting));
    }

    private static EngineStatistics waiting(int requests) {
        return new EngineStatistics(0, requests, 0, Map.of(), 0, 0, 0, 0, 0, 0, 0, 0, 0);
    }

    ModelPresence presence() {
        ModelPresence own = engine == null ? new ModelPresence(false, 0, 0, 0, 0, 0) : engine.presence();
        return new ModelPresence(engine != null, loads, unloads, failures, own.replicas(), own.readyReplicas());
    }
}
