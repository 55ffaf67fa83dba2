package io.github.camelvlm.http;

import io.github.camelvlm.chat.EngineStatistics;
import io.github.camelvlm.chat.FinishReason;
import io.github.camelvlm.chat.VlmEngine;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.ToDoubleFunction;

/** What engines are doing, under the names that vLLM gives such numbers, with {@code vlm} for {@code vllm}. */
final class EngineMetrics {
    private final MeterRegistry registry;
    private final Set<VlmEngine> known = Collections.newSetFromMap(new IdentityHashMap<>());

    EngineMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    /** Takes up engines that were loaded since. */
    synchronized void add(List<VlmEngine> engines) {
        for (VlmEngine engine : engines) {
            if (known.add(engine)) {
                register(engine);
            }
        }
    }

    private void register(VlmEngine engine) {
        gauge("vlm.num.requests.running", "Requests that are being answered", engine, EngineStatistics::running);
        gauge("vlm.num.requests.waiting", "Requests that wait for a place", engine, EngineStatistics::waiting);
        gauge("vlm.kv.cache.usage.perc", "Share of the KV cache that is taken", engine, EngineStatistics::cacheUse);
        counter("vlm.prompt.tokens", "Tokens of prompts", engine, EngineStatistics::promptTokens);
        counter("vlm.generation.tokens", "Tokens of answers", engine, EngineStatistics::completionTokens);
        counter("vlm.prefix.cache.queries", "Tokens looked up", engine, EngineStatistics::promptTokens);
        counter("vlm.prefix.cache.hits", "Tokens found", engine, EngineStatistics::cachedTokens);
        counter("vlm.request.failure", "Requests that ended with an error", engine, EngineStatistics::failed);
        for (FinishReason reason : FinishReason.values()) {
            FunctionCounter.builder(
                            "vlm.request.success",
                            engine,
                            source -> source.statistics().ended().getOrDefault(reason, 0L))
                    .description("Requests that ended, by reason")
                    .tag("model_name", engine.model())
                    .tag("finished_reason", reason.wireName())
                    .register(registry);
        }
    }

    private void gauge(String name, String text, VlmEngine engine, ToDoubleFunction<EngineStatistics> value) {
        Gauge.builder(name, engine, source -> value.applyAsDouble(source.statistics()))
                .description(text)
                .tag("model_name", engine.model())
                .register(registry);
    }

    private void counter(String name, String text, VlmEngine engine, ToDoubleFunction<EngineStatistics> value) {
        FunctionCounter.builder(name, engine, source -> value.applyAsDouble(source.statistics()))
                .description(text)
                .tag("model_name", engine.model())
                .register(registry);
    }
}
