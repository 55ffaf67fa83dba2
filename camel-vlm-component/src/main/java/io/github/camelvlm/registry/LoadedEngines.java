package io.github.camelvlm.registry;

import io.github.camelvlm.chat.EngineUnavailableException;
import io.github.camelvlm.chat.VlmEngine;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Engines by what they were asked for. Each is loaded once, by the caller that asks for it first, and one at a time; that takes
 * seconds, during which a caller that asks for another, loaded one does not wait.
 */
final class LoadedEngines {
    /**
     * An engine.
     *
     * @param options the settings that it was loaded with
     */
    record Loaded(Object options, VlmEngine engine) {}

    /** Held by who loads. */
    private final Object loading = new Object();

    private final Map<Object, Loaded> engines = new HashMap<>();
    private boolean isOpen;

    /** From now on engines are loaded. */
    synchronized void open() {
        isOpen = true;
    }

    /**
     * The engine of a key, loaded if it is not there.
     *
     * @throws EngineUnavailableException if no engine is loaded any more
     */
    Loaded get(Object key, Object options, Supplier<VlmEngine> loader) {
        Optional<Loaded> found = findIfOpen(key);
        if (found.isPresent()) {
            return found.get();
        }
        synchronized (loading) {
            return findIfOpen(key).orElseGet(() -> load(key, options, loader));
        }
    }

    private synchronized Optional<Loaded> findIfOpen(Object key) {
        if (!isOpen) {
            throw closed();
        }
        return find(key);
    }

    /** What is told to who asks when no engine is loaded any more. */
    static EngineUnavailableException closed() {
        return new EngineUnavailableException("The Camel context stops: no model is loaded any more");
    }

    private Loaded load(Object key, Object options, Supplier<VlmEngine> loader) {
        VlmEngine engine = loader.get();
        try {
            return keep(key, new Loaded(options, engine));
        } catch (RuntimeException | Error e) {
            // What is not kept here is closed nowhere else.
            try (engine) {
                throw e;
            }
        }
    }

    private synchronized Loaded keep(Object key, Loaded engine) {
        engines.put(key, engine);
        return engine;
    }

    /** The engine of a key, if it is there. */
    synchronized Optional<Loaded> find(Object key) {
        return Optional.ofNullable(engines.get(key));
    }

    /** Those that are there. */
    synchronized List<VlmEngine> all() {
        return engines.values().stream().map(Loaded::engine).toList();
    }

    /**
     * Loads no further ones, and forgets all. Waits for one that is just being loaded.
     *
     * @return those that were there, for the caller to shut down
     */
    List<VlmEngine> close() {
        synchronized (this) {
            isOpen = false;
        }
        synchronized (loading) {
            synchronized (this) {
                List<VlmEngine> all = all();
                engines.clear();
                return all;
            }
        }
    }
}
