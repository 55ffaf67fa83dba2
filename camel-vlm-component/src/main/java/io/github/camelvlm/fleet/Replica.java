package io.github.camelvlm.fleet;

import io.github.camelvlm.chat.Generation;
import io.github.camelvlm.chat.VlmEngine;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** One of the engines that run the same model, and the requests that it has in hand. */
final class Replica {
    private final VlmEngine engine;
    private final AtomicInteger load = new AtomicInteger();

    Replica(VlmEngine engine) {
        this.engine = engine;
    }

    VlmEngine engine() {
        return engine;
    }

    /** Its requests, running and waiting. */
    int load() {
        return load.get();
    }

    /** Notes requests that it is about to be asked. */
    void enter(int requests) {
        load.addAndGet(requests);
    }

    /** Notes that it has fewer. */
    void leave(int requests) {
        load.addAndGet(-requests);
    }

    /** Notes the end of each answer when it comes. */
    void leaveWith(List<Generation> generations) {
        generations.forEach(generation -> generation.onEnd(load::decrementAndGet));
    }
}
