package io.github.camelvlm;

import io.github.camelvlm.chat.EngineUnavailableException;
import io.github.camelvlm.chat.ModelLoadException;
import io.github.camelvlm.chat.VlmEngine;
import io.github.camelvlm.engine.EngineOptions;
import io.github.camelvlm.engine.LocalEngine;
import io.github.camelvlm.hub.ModelDirectory;
import io.github.camelvlm.hub.ModelNotFoundException;
import io.github.camelvlm.metrics.EngineObserver;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.support.service.ServiceSupport;

/**
 * The engines of a Camel context: one for each model, device and type, shared by all endpoints that name it, closed with
 * the context.
 */
final class VlmEngines extends ServiceSupport {
    private record Key(Path directory, String device, String dtype) {}

    private record Loaded(EngineOptions options, LocalEngine engine) {}

    private final Map<Key, Loaded> engines = new HashMap<>();
    private final EngineObserver observer;
    private Duration grace = Duration.ZERO;

    private VlmEngines(EngineObserver observer) {
        this.observer = observer;
    }

    /** The engines of a context, which closes them when it stops. */
    static VlmEngines of(CamelContext context) {
        synchronized (context) {
            VlmEngines engines = context.hasService(VlmEngines.class);
            if (engines == null) {
                engines = new VlmEngines(MeterRegistries.observer(context));
                try {
                    context.addService(engines, true, true);
                } catch (Exception e) {
                    throw RuntimeCamelException.wrapRuntimeCamelException(e);
                }
            }
            return engines;
        }
    }

    /**
     * The engine that a configuration names, loaded if it is not yet.
     *
     * @throws ModelLoadException if it cannot be loaded, or was loaded with other settings
     * @throws EngineUnavailableException if the context is stopping
     */
    synchronized VlmEngine engine(VlmConfiguration configuration) {
        if (isStoppingOrStopped()) {
            throw new EngineUnavailableException("The Camel context stops: no model is loaded any more");
        }
        Duration asked = Duration.ofMillis(configuration.getShutdownTimeout());
        grace = asked.compareTo(grace) > 0 ? asked : grace;
        EngineOptions options = options(configuration);
        Key key = new Key(options.directory(), options.device(), options.dtype());
        Loaded loaded = engines.get(key);
        if (loaded == null) {
            loaded = new Loaded(options, LocalEngine.load(options));
            engines.put(key, loaded);
            observer.loaded(loaded.engine());
        } else if (!loaded.options().equals(options)) {
            throw new ModelLoadException("Two endpoints share the engine of " + options.directory()
                    + " but not its settings: one says " + loaded.options() + ", the other " + options
                    + ". Set quantization, packWeights, threads, contextLength, maxSequences, queueLength, kvCacheBytes,"
                    + " maxPause and maxImagePixels alike, or once on the"
                    + " component");
        }
        return loaded.engine();
    }

    private static EngineOptions options(VlmConfiguration configuration) {
        if (configuration.getModel() == null || configuration.getModel().isBlank()) {
            throw new ModelLoadException("No model is named: add model=DIRECTORY to the vlm: endpoint, or set"
                    + " camel.component.vlm.configuration.model");
        }
        Path directory = directory(configuration.getModel());
        return new EngineOptions(
                directory,
                name(configuration.getModel(), directory),
                configuration.getDevice(),
                configuration.getDtype(),
                configuration.getQuantization(),
                configuration.isPackWeights(),
                configuration.getThreads(),
                configuration.getContextLength(),
                configuration.getMaxSequences(),
                configuration.getQueueLength(),
                configuration.getKvCacheBytes(),
                Duration.ofMillis(configuration.getMaxPause()),
                configuration.getMaxImagePixels());
    }

    private static Path directory(String model) {
        try {
            // One directory has one engine, by whatever way it is named.
            return ModelDirectory.locate(model).toRealPath();
        } catch (ModelNotFoundException | IOException e) {
            throw new ModelLoadException("The model cannot be loaded: " + e.getMessage(), e);
        }
    }

    /** A directory's own name; in the Hugging Face cache that would be a commit, so there it is the id. */
    private static String name(String model, Path directory) {
        boolean snapshot =
                directory.getParent() != null && directory.getParent().endsWith("snapshots");
        return snapshot ? model : String.valueOf(directory.getFileName());
    }

    /** The engines that are loaded. */
    synchronized List<VlmEngine> all() {
        return engines.values().stream().<VlmEngine>map(Loaded::engine).toList();
    }

    /** Who is told of the engines, and wants to know of requests. */
    EngineObserver observer() {
        return observer;
    }

    /** Whether the engine that a configuration names is loaded and answers. */
    synchronized boolean isReady(VlmConfiguration configuration) {
        EngineOptions options = options(configuration);
        Loaded loaded = engines.get(new Key(options.directory(), options.device(), options.dtype()));
        return loaded != null && loaded.engine().isAlive();
    }

    @Override
    protected void doStop() {
        long deadline;
        List<Loaded> stopped;
        // Not for the whole stop: health checks are answered meanwhile.
        synchronized (this) {
            deadline = System.nanoTime() + grace.toNanos();
            stopped = List.copyOf(engines.values());
            engines.clear();
        }
        for (Loaded loaded : stopped) {
            loaded.engine().shutdown(Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
        }
        observer.closed();
    }
}
