package io.github.camelvlm.fleet;

import io.github.camelvlm.chat.AnswerFormat;
import io.github.camelvlm.chat.ChatRequest;
import io.github.camelvlm.chat.Comparison;
import io.github.camelvlm.chat.Echo;
import io.github.camelvlm.chat.EngineFault;
import io.github.camelvlm.chat.EngineStatistics;
import io.github.camelvlm.chat.Generation;
import io.github.camelvlm.chat.ModelInfo;
import io.github.camelvlm.chat.ModelNotServedException;
import io.github.camelvlm.chat.ModelPresence;
import io.github.camelvlm.chat.VlmEngine;
import io.github.camelvlm.chat.VlmTokenizer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.ToLongFunction;

/**
 * Several models that share the memory of one process. Each request chooses one of them, or an adapter of one, as it would
 * choose an adapter of a single model.
 */
public final class Fleet implements VlmEngine {
    private final ModelRoom room;
    private final Map<String, OnDemandEngine> engines;

    /** Answers requests that choose none. */
    private final OnDemandEngine first;

    private Fleet(ModelRoom room, Map<String, OnDemandEngine> engines, OnDemandEngine first) {
        this.room = room;
        this.engines = engines;
        this.first = first;
    }

    /**
     * Makes a fleet; its models are loaded when they are asked for, or now, as the options say.
     *
     * @param free the free bytes of a device, by the device's name
     * @param sources at least one; the first answers requests that choose none
     * @throws io.github.camelvlm.chat.ModelLoadException if a model cannot be loaded, as far as that shows, or it is to be
     *     loaded now
     * @throws IllegalArgumentException if a model takes more than the options allow
     */
    public static Fleet open(
            RoomOptions options, ToLongFunction<String> free, Collection<? extends ModelSource> sources) {
        ModelRoom room = new ModelRoom(options, new Space(options.modelMemory(), free), sources);
        Map<String, OnDemandEngine> engines = new LinkedHashMap<>();
        room.tenants().forEach(tenant -> engines.put(tenant.source.name(), new OnDemandEngine(room, tenant)));
        return new Fleet(room, engines, engines.values().iterator().next());
    }

    /**
     * The same models, of which another one answers requests that choose none.
     *
     * @throws ModelNotServedException if there is none of this name
     */
    public Fleet startingWith(String model) {
        OnDemandEngine other = engines.get(model);
        if (other == null) {
            throw new ModelNotServedException(Echo.of(model), List.copyOf(engines.keySet()));
        }
        return new Fleet(room, engines, other);
    }

    @Override
    public List<VlmEngine> models() {
        List<VlmEngine> models = new ArrayList<>(engines.values());
        models.remove(first);
        models.add(0, first);
        return models;
    }

    @Override
    public OnDemandEngine of(String chosen) {
        if (chosen == null || first.model().equals(chosen)) {
            return first;
        }
        OnDemandEngine named = engines.get(chosen);
        if (named != null) {
            return named;
        }
        return engines.values().stream()
                .filter(engine -> engine.info().adapters().containsKey(chosen))
                .findFirst()
                .orElseThrow(() -> new ModelNotServedException(Echo.of(chosen), names()));
    }

    private List<String> names() {
        List<String> names = new ArrayList<>(List.of(first.model()));
        names.addAll(info().adapters().keySet());
        return names;
    }

    /** The first model, and all others and their adapters among its adapters. */
    @Override
    public ModelInfo info() {
        ModelInfo own = first.info();
        Map<String, String> choices = new LinkedHashMap<>(own.adapters());
        models().stream().skip(1).forEach(model -> {
            choices.put(model.model(), model.model());
            choices.putAll(model.info().adapters());
        });
        return new ModelInfo(
                own.name(), own.contextLength(), own.dtype(), own.loadedAt(), own.merged(), choices, own.boxes());
    }

    @Override
    public String execution() {
        return first.execution();
    }

    @Override
    public ModelPresence presence() {
        return first.presence();
    }

    /** What all are doing together. */
    @Override
    public EngineStatistics statistics() {
        return engines.values().stream()
                .map(VlmEngine::statistics)
                .reduce(EngineStatistics.NONE, EngineStatistics::plus);
    }

    /** Whether any answers: one that is not loaded does, once it is asked. */
    @Override
    public boolean isReady() {
        return engines.values().stream().anyMatch(VlmEngine::isReady);
    }

    @Override
    public Optional<EngineFault> fault() {
        return engines.values().stream()
                .flatMap(engine -> engine.fault().stream())
                .findFirst();
    }

    @Override
    public void requireServed(AnswerFormat format) {
        first.requireServed(format);
    }

    @Override
    public VlmTokenizer tokenizer() {
        return first.tokenizer();
    }

    /** The request as the engine of its model is asked: by no name of its own, or by that of its adapter. */
    private static ChatRequest asked(OnDemandEngine engine, ChatRequest request) {
        return engine.model().equals(request.adapter()) ? request.withAdapter(null) : request;
    }

    @Override
    public List<Generation> generate(ChatRequest request, int answers) {
        return generate(request, answers, new CompletableFuture<>());
    }

    @Override
    public List<Generation> generate(ChatRequest request, int answers, CompletionStage<?> cancellation) {
        OnDemandEngine engine = of(request.adapter());
        return engine.generate(asked(engine, request), answers, cancellation);
    }

    @Override
    public Comparison compare(ChatRequest request, List<String> texts, CompletionStage<?> cancellation)
            throws InterruptedException {
        OnDemandEngine engine = of(request.adapter());
        return engine.compare(asked(engine, request), texts, cancellation);
    }

    @Override
    public void shutdown(Duration grace) {
        room.shutdown(grace);
    }

    @Override
    public void close() {
        room.close();
    }
}
