package io.github.camelvlm.registry;

import io.github.camelvlm.chat.Closing;
import io.github.camelvlm.chat.EngineUnavailableException;
import io.github.camelvlm.chat.ModelLoadException;
import io.github.camelvlm.chat.VlmEngine;
import io.github.camelvlm.engine.EngineOptions;
import io.github.camelvlm.fleet.Fleet;
import io.github.camelvlm.hub.HubOptions;
import io.github.camelvlm.hub.ModelHub;
import io.github.camelvlm.metrics.EngineObserver;
import io.github.camelvlm.observation.MeterRegistries;
import io.github.camelvlm.remote.OverflowEngine;
import io.github.camelvlm.remote.RemoteOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.CamelContext;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.support.LifecycleStrategySupport;
import org.apache.camel.support.service.ServiceSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The engines of a Camel context: one for each model with what is merged into it, device and type, and for each set of servers, shared by all
 * endpoints that name it, closed with the context.
 */
public final class VlmEngines extends ServiceSupport {
    private static final Logger LOG = LoggerFactory.getLogger(VlmEngines.class);
    private static final String REMOTE = "remote";
    private static final String AUTO = "auto";
    private static final Set<String> KINDS = Set.of("local", REMOTE, AUTO);

    private record LocalKey(Path directory, List<Path> mergedAdapters, String device, String dtype) {}

    private record Parts(VlmEngine first, VlmEngine second) {}

    /** A message that waits for a download is none that a context which stops would wait for. */
    private final class DownloadsEndFirst extends LifecycleStrategySupport {
        @Override
        public void onContextStopping(CamelContext context) {
            hub.close();
        }
    }

    private final LoadedEngines engines = new LoadedEngines();
    private final Map<Parts, VlmEngine> overflows = new HashMap<>();
    private final EngineObserver observer;
    /** Those that the observer has been told of. */
    private final Set<VlmEngine> observed = Collections.newSetFromMap(new IdentityHashMap<>());

    private final Map<String, Path> directories = new ConcurrentHashMap<>();
    private Duration grace = Duration.ZERO;
    private volatile ModelHub hub;

    private VlmEngines(EngineObserver observer) {
        this.observer = observer;
    }

    /** The engines of a context, which closes them when it stops. */
    public static VlmEngines of(CamelContext context) {
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

    /** Engines of no context, started; stopping them closes all. */
    public static VlmEngines standalone() {
        VlmEngines engines = new VlmEngines(EngineObserver.NONE);
        engines.start();
        return engines;
    }

    /**
     * The engine that a configuration names, loaded if it is not yet.
     *
     * @throws ModelLoadException if it cannot be loaded, or was loaded with other settings
     * @throws EngineUnavailableException if the context is stopping, or servers do not tell yet which model they have
     */
    public VlmEngine engine(EngineConfiguration configuration) {
        String kind = configuration.getEngine();
        if (!KINDS.contains(kind)) {
            throw new ModelLoadException("engine must be local, remote or auto, but is " + kind);
        }
        extendGrace(Duration.ofMillis(configuration.getShutdownTimeout()));
        if (kind.equals(REMOTE)) {
            return observed(remote(configuration, name(configuration)));
        }
        if (NamedModels.areIn(configuration)) {
            return observed(fleet(configuration));
        }
        EngineOptions options = LocalEngines.options(configuration, fetched(configuration));
        if (kind.equals(AUTO)) {
            VlmEngine local = local(options);
            // Told of as one.
            return observed(overflow(local, remote(configuration, local.model())));
        }
        return observed(local(options));
    }

    /**
     * Tells the observer of an engine that is kept, once. What the observer may have against an engine is no reason not to
     * use that.
     *
     * @throws EngineUnavailableException if it asks servers that have not told yet which model they have
     */
    private synchronized VlmEngine observed(VlmEngine engine) {
        engine.models().forEach(this::observe);
        return engine;
    }

    private void observe(VlmEngine engine) {
        if (observed.contains(engine)) {
            return;
        }
        try {
            observer.loaded(engine);
        } catch (EngineUnavailableException e) {
            // The next caller finds it unobserved still.
            throw e;
        } catch (RuntimeException e) {
            LOG.warn("The engine of model {} is not observed", engine.model(), e);
        }
        observed.add(engine);
    }

    private synchronized void extendGrace(Duration asked) {
        grace = asked.compareTo(grace) > 0 ? asked : grace;
    }

    private synchronized VlmEngine overflow(VlmEngine local, VlmEngine remote) {
        if (isStoppingOrStopped()) {
            throw LoadedEngines.closed();
        }
        return overflows.computeIfAbsent(new Parts(local, remote), parts -> new OverflowEngine(local, remote));
    }

    private VlmEngine local(EngineOptions options) {
        LoadedEngines.Loaded loaded = engines.get(key(options), options, () -> LocalEngines.load(options, 1));
        OptionDifference.refuse((EngineOptions) loaded.options(), options);
        return loaded.engine();
    }

    private VlmEngine fleet(EngineConfiguration configuration) {
        NamedModels named = NamedModels.of(configuration);
        Fleets.Options options = Fleets.options(configuration);
        LoadedEngines.Loaded loaded = engines.get(
                Fleets.key(configuration, named),
                options,
                () -> Fleets.load(configuration, named, options, fetched(configuration)));
        Fleets.refuseDifference(named, (Fleets.Options) loaded.options(), options);
        return ((Fleet) loaded.engine()).startingWith(named.first());
    }

    /** Finds directories, and downloads what is not on this machine; looked for once, not with every message. */
    private Directories fetched(EngineConfiguration configuration) {
        HubOptions options = new HubOptions(configuration.getHub(), configuration.isDownload(), System.getenv());
        return new Directories(
                name -> found("", name, each -> hub.directory(each, options)),
                name -> found("adapter ", name, each -> hub.adapter(each, options)));
    }

    private static LocalKey key(EngineOptions options) {
        return new LocalKey(options.directory(), options.mergedAdapters(), options.device(), options.dtype());
    }

    private VlmEngine remote(EngineConfiguration configuration, String model) {
        RemoteOptions options = RemoteEngines.options(configuration, model);
        long maxImagePixels = configuration.getMaxImagePixels();
        try {
            return engines.get(options, options, () -> RemoteEngines.load(options, maxImagePixels))
                    .engine();
        } catch (NoClassDefFoundError e) {
            throw new ModelLoadException(
                    "engine=" + configuration.getEngine() + " needs com.openai:openai-java-core and"
                            + " io.github.resilience4j:resilience4j-circuitbreaker: add them to the dependencies",
                    e);
        }
    }

    private static String name(EngineConfiguration configuration) {
        return configuration.getModel() == null || configuration.getModel().isBlank() ? null : configuration.getModel();
    }

    private Path found(String kind, String name, Directories.Finder finder) throws InterruptedException {
        Path found = directories.get(kind + name);
        if (found == null) {
            found = finder.find(name);
            directories.put(kind + name, found);
        }
        return found;
    }

    /** The engines that are loaded. Two that stand in for one another count as one. */
    public synchronized List<VlmEngine> all() {
        List<VlmEngine> all = new ArrayList<>(overflows.values());
        engines.all().stream()
                .filter(engine -> overflows.keySet().stream()
                        .noneMatch(parts -> parts.first() == engine || parts.second() == engine))
                .forEach(all::add);
        return all;
    }

    /** Who is told of the engines, and wants to know of requests. */
    public EngineObserver observer() {
        return observer;
    }

    /**
     * The engine that a configuration names, if it is loaded.
     *
     * @throws ModelLoadException if its model is not on this machine
     */
    public Optional<VlmEngine> find(EngineConfiguration configuration) {
        if (configuration.getEngine().equals(REMOTE)) {
            return find(RemoteEngines.options(configuration, name(configuration)));
        }
        if (NamedModels.areIn(configuration)) {
            NamedModels named = NamedModels.of(configuration);
            return find(Fleets.key(configuration, named)).map(fleet -> ((Fleet) fleet).startingWith(named.first()));
        }
        Optional<VlmEngine> local = find(key(LocalEngines.options(configuration, Directories.HERE)));
        if (local.isEmpty() || !configuration.getEngine().equals(AUTO)) {
            return local;
        }
        // With what stands in for it.
        return find(RemoteEngines.options(configuration, local.get().model()))
                .map(remote -> overflow(local.get(), remote))
                .or(() -> local);
    }

    private Optional<VlmEngine> find(Object key) {
        return engines.find(key).map(LoadedEngines.Loaded::engine);
    }

    @Override
    protected void doStart() {
        hub = new ModelHub();
        engines.open();
    }

    @Override
    protected void doStop() {
        Closing.all(hub::close, this::stopEngines, observer::closed);
    }

    private void stopEngines() {
        List<VlmEngine> stopped = engines.close();
        long deadline;
        // Not for the whole stop: health checks are answered meanwhile.
        synchronized (this) {
            deadline = System.nanoTime() + grace.toNanos();
            overflows.clear();
            observed.clear();
            directories.clear();
        }
        Closing.each(stopped, engine -> engine.shutdown(Duration.ofNanos(Math.max(0, deadline - System.nanoTime()))));
    }
}
