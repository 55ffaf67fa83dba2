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
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One of several models in this JVM, by its name in the options. */
final class LocalSource implements ModelSource {
    private static final Logger LOG = LoggerFactory.getLogger(LocalSource.class);

    private final String name;
    private final int models;
    private final Supplier<EngineOptions> onThisMachine;
    private final Supplier<EngineOptions> fetched;
    private final boolean mayBeFetched;
    private final ModelInfo unknown;
    private volatile ModelInfo known;

    /**
     * @param models how many there are
     * @param adapters those beside it, by their names
     * @param onThisMachine makes its options, unless it is to be downloaded
     * @param fetched makes them in any case
     * @param mayBeFetched whether it may be downloaded
     */
    LocalSource(
            String name,
            int models,
            Map<String, String> adapters,
            Supplier<EngineOptions> onThisMachine,
            Supplier<EngineOptions> fetched,
            boolean mayBeFetched) {
        this.name = name;
        this.models = models;
        this.onThisMachine = onThisMachine;
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
        EngineOptions options;
        try {
            options = onThisMachine.get();
        } catch (ModelLoadException e) {
            if (mayBeFetched && e.getCause() instanceof ModelNotFoundException) {
                return Optional.empty();
            }
            throw e;
        }
        return Optional.of(need(options));
    }

    @Override
    public Map<String, Long> need() {
        return need(fetched.get());
    }

    private Map<String, Long> need(EngineOptions options) {
        Map<String, Long> need = new HashMap<>();
        for (EngineOptions replica : LocalEngines.replicas(options, models)) {
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
        return LocalEngines.load(fetched.get(), models);
    }
}
