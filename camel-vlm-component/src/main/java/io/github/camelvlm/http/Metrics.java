package io.github.camelvlm.http;

import io.github.camelvlm.chat.VlmEngine;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/** Counts and times requests, and tells of them in the text format of Prometheus. */
final class Metrics {
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

    private final EngineMetrics engineMetrics = new EngineMetrics(registry);
    private final Supplier<List<VlmEngine>> engines;

    /**
     * @param inHand the requests that are being received, answered or sent
     * @param engines those that are loaded
     */
    Metrics(IntSupplier inHand, Supplier<List<VlmEngine>> engines) {
        this.engines = engines;
        Gauge.builder("vlm.requests.in.hand", inHand::getAsInt)
                .description("Requests that are being received, answered or sent")
                .register(registry);
    }

    /** Notes the end of a request. */
    void ended(int status, String reason, RequestRecord record) {
        // The kinds of reasons are few: none of them is a client's own word.
        registry.timer("vlm.requests", "status", String.valueOf(status), "reason", reason)
                .record(Duration.ofMillis(record.millis()));
    }

    /** All metrics, as Prometheus reads them. */
    String scrape() {
        engineMetrics.add(engines.get());
        return registry.scrape();
    }
}
