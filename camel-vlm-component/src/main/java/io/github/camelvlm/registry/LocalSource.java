package io.github.camelvlm.registry;

import io.github.camelvlm.chat.AnswerFormat;
import io.github.camelvlm.chat.ModelInfo;
import io.github.camelvlm.chat.ModelLoadException;
import io.github.camelvlm.chat.VlmEngine;
import io.github.camelvlm.engine.EngineOptions;
import io.github.camelvlm.engine.Forecast;
import io.github.camelvlm.fleet.ModelSource;
import io.github.camelvlm.hub.ModelNotFoundException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One of several models in this JVM, by its name in the options. */
final class LocalSource implements ModelSource {
    private static final Logger LOG = LoggerFactory.getLogger(LocalSource.class);

    private final String name;
    private final int models;
    private final Function<Directories, EngineOptions> options;
    private final Directories fetched;
    private final boolean mayBeFetched;
    private final ModelInfo unknown;
    private volatile ModelInfo known;
    private String dtype;

    /**
     * @param models how many there are
     * @param adapters those beside it, by their names
     * @param options makes its options with directories that are found
     * @param fetched finds directories, and downloads what is not on this machine
     * @param mayBeFetched whether it may be downloaded
     */
    LocalSource(
            String name,
            int models,
            Map<String, String> adapters,
            Function<Directories, EngineOptions> options,
            Directories fetched,
            boolean mayBeFetched) {
        this.name = name;
        this.models = models;
        this.options = options;
        this.fetched = fetched;
        this.mayBeFetched = mayBeFetched;
        unknown = new ModelInfo(name, 0, "auto", Instant.now(), List.of(), adapters, null);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public ModelInfo info() {
        if (known == null) {
            try {
                foreseen();
            } catch (ModelLoadException e) {
                LOG.debug("Nothing is known of model {}", name, e);
            }
        }
        ModelInfo found = known;
        return found == null ? unknown : found;
    }

    @Override
    public Optional<Map<String, Long>> foreseen() {
        try {
            return Optional.of(need(decided(options.apply(Directories.HERE))));
        } catch (ModelLoadException e) {
            if (mayBeFetched && e.getCause() instanceof ModelNotFoundException) {
                return Optional.empty();
            }
            throw e;
        }
    }

    @Override
    public Map<String, Long> need() {
        return need(decided(options.apply(fetched)));
    }

    /** In the same type each time that it is loaded. */
    private synchronized EngineOptions decided(EngineOptions found) {
        if (dtype == null) {
            dtype = LocalEngines.replicas(found, models).get(0).decided().dtype();
        }
        return found.withDtype(dtype);
    }

    private Map<String, Long> need(EngineOptions found) {
        Map<String, Long> need = new HashMap<>();
        for (EngineOptions replica : LocalEngines.replicas(found, models)) {
            Forecast forecast = Forecast.of(replica);
            need.merge(forecast.device(), forecast.bytes(), Long::sum);
            known = forecast.info();
        }
        return need;
    }

    @Override
    public void requireServed(AnswerFormat format) {
        Forecast.requireServed(format);
    }

    @Override
    public VlmEngine load() {
        return LocalEngines.load(decided(options.apply(fetched)), models);
    }
}
