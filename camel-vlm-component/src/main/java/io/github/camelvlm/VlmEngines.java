package io.github.camelvlm;

import io.github.camelvlm.chat.EngineUnavailableException;
import io.github.camelvlm.chat.ModelLoadException;
import io.github.camelvlm.chat.VlmEngine;
import io.github.camelvlm.engine.EngineOptions;
import io.github.camelvlm.engine.LocalEngine;
import io.github.camelvlm.hub.DownloadCancelledException;
import io.github.camelvlm.hub.HubOptions;
import io.github.camelvlm.hub.ModelDirectory;
import io.github.camelvlm.hub.ModelHub;
import io.github.camelvlm.hub.ModelNotFoundException;
import io.github.camelvlm.metrics.EngineObserver;
import io.github.camelvlm.remote.OverflowEngine;
import io.github.camelvlm.remote.RemoteOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.CamelContext;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.support.LifecycleStrategySupport;
import org.apache.camel.support.service.ServiceSupport;

/**
 * The engines of a Camel context: one for each model, device and type, and for each set of servers, shared by all
 * endpoints that name it, closed with the context.
 */
final class VlmEngines extends ServiceSupport {
    private static final String REMOTE = "remote";
    private static final String AUTO = "auto";
    private static final Set<String> KINDS = Set.of("local", REMOTE, AUTO);

    private record LocalKey(Path directory, String device, String dtype) {}

    private record Loaded(Object options, VlmEngine engine) {}

    private record Parts(VlmEngine first, VlmEngine second) {}

    /** A message that waits for a download is none that a context which stops would wait for. */
    private final class DownloadsEndFirst extends LifecycleStrategySupport {
        @Override
        public void onContextStopping(CamelContext context) {
            hub.close();
        }
    }

    private final Map<Object, Loaded> engines = new HashMap<>();
    private final Map<Parts, VlmEngine> overflows = new HashMap<>();
    private final EngineObserver observer;
    private final Map<String, Path> directories = new ConcurrentHashMap<>();
    private Duration grace = Duration.ZERO;
    private volatile ModelHub hub;

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
                    context.addLifecycleStrategy(engines.new DownloadsEndFirst());
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
    VlmEngine engine(VlmConfiguration configuration) {
        String kind = configuration.getEngine();
        if (!KINDS.contains(kind)) {
            throw new ModelLoadException("engine must be local, remote or auto, but is " + kind);
        }
        // Not within the lock: a download may take hours, and health checks are answered meanwhile.
        EngineOptions local = kind.equals(REMOTE) ? null : options(configuration, download(configuration));
        return engine(configuration, local);
    }

    private synchronized VlmEngine engine(VlmConfiguration configuration, EngineOptions options) {
        if (isStoppingOrStopped()) {
            throw new EngineUnavailableException("The Camel context stops: no model is loaded any more");
        }
        Duration asked = Duration.ofMillis(configuration.getShutdownTimeout());
        grace = asked.compareTo(grace) > 0 ? asked : grace;
        boolean isAuto = configuration.getEngine().equals(AUTO);
        if (options == null) {
            return remote(configuration, name(configuration), true);
        }
        VlmEngine local = local(options, !isAuto);
        return isAuto ? overflow(local, remote(configuration, local.model(), false)) : local;
    }

    private VlmEngine overflow(VlmEngine local, VlmEngine remote) {
        return overflows.computeIfAbsent(new Parts(local, remote), parts -> {
            VlmEngine both = new OverflowEngine(local, remote);
            observer.loaded(both);
            return both;
        });
    }

    private VlmEngine local(EngineOptions options, boolean isObserved) {
        Loaded loaded = engines.get(key(options));
        if (loaded == null) {
            loaded = load(key(options), new Loaded(options, LocalEngine.load(options)), isObserved);
        } else if (!loaded.options().equals(options)) {
            throw new ModelLoadException("Two endpoints share the engine of " + options.directory()
                    + " but not its settings: one says " + loaded.options() + ", the other " + options
                    + ". Set quantization, packWeights, threads, contextLength, maxSequences, queueLength, kvCacheBytes,"
                    + " maxPause and maxImagePixels alike, or once on the"
                    + " component");
        }
        return loaded.engine();
    }

    private Loaded load(Object key, Loaded loaded, boolean isObserved) {
        engines.put(key, loaded);
        if (isObserved) {
            observer.loaded(loaded.engine());
        }
        return loaded;
    }

    private static LocalKey key(EngineOptions options) {
        return new LocalKey(options.directory(), options.device(), options.dtype());
    }

    private VlmEngine remote(VlmConfiguration configuration, String model, boolean isObserved) {
        RemoteOptions options = RemoteEngines.options(configuration, model);
        Loaded loaded = engines.get(options);
        if (loaded == null) {
            try {
                VlmEngine engine = RemoteEngines.load(options, configuration.getMaxImagePixels());
                loaded = load(options, new Loaded(options, engine), isObserved);
            } catch (NoClassDefFoundError e) {
                throw new ModelLoadException(
                        "engine=" + configuration.getEngine() + " needs com.openai:openai-java-core and"
                                + " io.github.resilience4j:resilience4j-circuitbreaker: add them to the dependencies",
                        e);
            }
        }
        return loaded.engine();
    }

    private static String name(VlmConfiguration configuration) {
        return configuration.getModel() == null || configuration.getModel().isBlank() ? null : configuration.getModel();
    }

    private static EngineOptions options(VlmConfiguration configuration, Path directory) {
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

    /** The directory of the model, fetched from its hub if it is not there; looked for once, not with every message. */
    private Path download(VlmConfiguration configuration) {
        String model = String.valueOf(configuration.getModel());
        Path found = directories.get(model);
        if (found == null) {
            HubOptions options = new HubOptions(configuration.getHub(), configuration.isDownload(), System.getenv());
            found = directory(configuration, name -> hub.directory(name, options));
            directories.put(model, found);
        }
        return found;
    }

    private interface Finder {
        Path find(String model) throws InterruptedException;
    }

    private static Path directory(VlmConfiguration configuration, Finder finder) {
        String model = configuration.getModel();
        if (model == null || model.isBlank()) {
            throw new ModelLoadException("No model is named: add model=DIRECTORY to the vlm: endpoint, or set"
                    + " camel.component.vlm.configuration.model");
        }
        try {
            // One directory has one engine, by whatever way it is named.
            return finder.find(model).toRealPath();
        } catch (DownloadCancelledException e) {
            throw new EngineUnavailableException("The Camel context stops: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EngineUnavailableException("The model is not loaded: its thread was interrupted", e);
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

    /** The engines that are loaded. Two that stand in for one another count as one. */
    synchronized List<VlmEngine> all() {
        List<VlmEngine> all = new ArrayList<>(overflows.values());
        engines.values().stream()
                .map(Loaded::engine)
                .filter(engine -> overflows.keySet().stream()
                        .noneMatch(parts -> parts.first() == engine || parts.second() == engine))
                .forEach(all::add);
        return all;
    }

    /** Who is told of the engines, and wants to know of requests. */
    EngineObserver observer() {
        return observer;
    }

    /** Whether the engine that a configuration names is loaded and answers. */
    synchronized boolean isReady(VlmConfiguration configuration) {
        Object key = configuration.getEngine().equals(REMOTE)
                ? RemoteEngines.options(configuration, name(configuration))
                : key(options(configuration, directory(configuration, ModelDirectory::locate)));
        Loaded loaded = engines.get(key);
        return loaded != null && loaded.engine().isReady();
    }

    @Override
    protected void doStart() {
        hub = new ModelHub();
    }

    @Override
    protected void doStop() {
        hub.close();
        long deadline;
        List<Loaded> stopped;
        // Not for the whole stop: health checks are answered meanwhile.
        synchronized (this) {
            deadline = System.nanoTime() + grace.toNanos();
            stopped = List.copyOf(engines.values());
            engines.clear();
            overflows.clear();
            directories.clear();
        }
        for (Loaded loaded : stopped) {
            loaded.engine().shutdown(Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
        }
        observer.closed();
    }
}
