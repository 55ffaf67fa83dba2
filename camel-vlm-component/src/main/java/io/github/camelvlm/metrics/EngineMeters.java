package io.github.camelvlm.metrics;

import io.github.camelvlm.chat.EngineFault;
import io.github.camelvlm.chat.EngineStatistics;
import io.github.camelvlm.chat.FinishReason;
import io.github.camelvlm.chat.ModelPresence;
import io.github.camelvlm.chat.VlmEngine;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.ToDoubleFunction;

/** What engines are doing, under the names that vLLM gives such numbers, with {@code vlm} for {@code vllm}. */
final class EngineMeters {
    private final MeterRegistry registry;
    /** By the names of their models: engines of one name are told of together. */
    private final Map<String, List<VlmEngine>> engines = new HashMap<>();

    private final List<Meter> meters = new ArrayList<>();

    EngineMeters(MeterRegistry registry) {
        this.registry = registry;
    }

    synchronized void add(VlmEngine engine) {
        engines.computeIfAbsent(engine.model(), this::register).add(engine);
        meters.add(Gauge.builder("vlm.engine.info", () -> 1)
                .description("1, and how the model is computed: device, type of numbers, kernels")
                .tag("model_name", engine.model())
                .tag("execution", engine.execution())
                .register(registry));
    }

    /** Gives the names free, for engines that come after these. */
    synchronized void clear() {
        meters.forEach(registry::remove);
        meters.clear();
        engines.clear();
    }

    private List<VlmEngine> register(String model) {
        List<VlmEngine> named = new CopyOnWriteArrayList<>();
        gauge("vlm.num.requests.running", "Requests that are being answered", model, named, EngineStatistics::running);
        gauge("vlm.num.requests.waiting", "Requests that wait for a place", model, named, EngineStatistics::waiting);
        meters.add(Gauge.builder("vlm.kv.cache.usage.perc", named, EngineMeters::fullest)
                .description("Share of the KV cache that is taken")
                .tag("model_name", model)
                .register(registry));
        counter("vlm.prompt.tokens", "Tokens of prompts", model, named, EngineStatistics::promptTokens);
        counter("vlm.generation.tokens", "Tokens of answers", model, named, EngineStatistics::completionTokens);
        counter("vlm.prefix.cache.queries", "Tokens looked up", model, named, EngineStatistics::promptTokens);
        counter("vlm.prefix.cache.hits", "Tokens found", model, named, EngineStatistics::cachedTokens);
        counter("vlm.mm.cache.queries", "Pictures looked up", model, named, EngineStatistics::pictures);
        counter("vlm.mm.cache.hits", "Pictures found", model, named, EngineStatistics::knownPictures);
        counter("vlm.spec.decode.num.drafts", "Steps with guessed tokens", model, named, EngineStatistics::drafts);
        counter("vlm.spec.decode.num.draft.tokens", "Tokens guessed", model, named, EngineStatistics::draftTokens);
        counter(
                "vlm.spec.decode.num.accepted.tokens",
                "Guesses that were right",
                model,
                named,
                EngineStatistics::acceptedTokens);
        counter("vlm.request.failure", "Requests that ended with an error", model, named, EngineStatistics::failed);
        presence("vlm.model.loaded", "Engines whose model is in memory", model, named, each -> each.isLoaded() ? 1 : 0);
        presence("vlm.model.replicas", "Replicas of the model", model, named, ModelPresence::replicas);
        presence(
                "vlm.model.replicas.ready",
                "Replicas of the model that answer",
                model,
                named,
                ModelPresence::readyReplicas);
        counted("vlm.model.loads", "Times that the model was loaded", model, named, ModelPresence::loads);
        counted("vlm.model.unloads", "Times that the model was unloaded", model, named, ModelPresence::unloads);
        counted(
                "vlm.model.load.failures",
                "Times that the model could not be loaded",
                model,
                named,
                ModelPresence::failures);
        for (EngineFault.Kind kind : EngineFault.Kind.values()) {
            meters.add(Gauge.builder("vlm.engine.fault", named, all -> faulty(all, kind))
                    .description("Engines that fail on everything, by what they fail with")
                    .tag("model_name", model)
                    .tag("kind", kind.wireName())
                    .register(registry));
        }
        for (FinishReason reason : FinishReason.values()) {
            meters.add(FunctionCounter.builder(
                            "vlm.request.success",
                            named,
                            all -> sum(all, statistics -> statistics.ended().getOrDefault(reason, 0L)))
                    .description("Requests that ended, by reason")
                    .tag("model_name", model)
                    .tag("finished_reason", reason.wireName())
                    .register(registry));
        }
        return named;
    }

    private void gauge(
            String name, String text, String model, List<VlmEngine> named, ToDoubleFunction<EngineStatistics> value) {
        meters.add(Gauge.builder(name, named, all -> sum(all, value))
                .description(text)
                .tag("model_name", model)
                .register(registry));
    }

    private void counter(
            String name, String text, String model, List<VlmEngine> named, ToDoubleFunction<EngineStatistics> value) {
        meters.add(FunctionCounter.builder(name, named, all -> sum(all, value))
                .description(text)
                .tag("model_name", model)
                .register(registry));
    }

    private void presence(
            String name, String text, String model, List<VlmEngine> named, ToDoubleFunction<ModelPresence> value) {
        meters.add(Gauge.builder(name, named, all -> present(all, value))
                .description(text)
                .tag("model_name", model)
                .register(registry));
    }

    private void counted(
            String name, String text, String model, List<VlmEngine> named, ToDoubleFunction<ModelPresence> value) {
        meters.add(FunctionCounter.builder(name, named, all -> present(all, value))
                .description(text)
                .tag("model_name", model)
                .register(registry));
    }

    private static double present(List<VlmEngine> engines, ToDoubleFunction<ModelPresence> value) {
        return engines.stream()
                .mapToDouble(engine -> value.applyAsDouble(engine.presence()))
                .sum();
    }

    private static double sum(List<VlmEngine> engines, ToDoubleFunction<EngineStatistics> value) {
        return engines.stream()
                .mapToDouble(engine -> value.applyAsDouble(engine.statistics()))
                .sum();
    }

    private static double faulty(List<VlmEngine> engines, EngineFault.Kind kind) {
        return engines.stream()
                .flatMap(engine -> engine.fault().stream())
                .filter(fault -> fault.kind() == kind)
                .count();
    }

    private static double fullest(List<VlmEngine> engines) {
        return engines.stream()
                .mapToDouble(engine -> engine.statistics().cacheUse())
                .max()
                .orElse(0);
    }
}
