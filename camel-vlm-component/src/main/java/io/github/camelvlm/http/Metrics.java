package io.github.camelvlm.http;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.function.IntSupplier;

/** Counts and times requests, and tells of them in the text format of Prometheus. */
final class Metrics {
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

    /** @param inHand the requests that are being received, answered or sent */
    Metrics(IntSupplier inHand) {
        Gauge.builder("vlm.requests.in.hand", inHand::getAsInt)
                .description("Requests that are being received, answered or sent")
                .register(registry);
    }

    /** Notes the end of a request. */
    void ended(int status, String reason, RequestRecord record) {
        // The kinds of reasons are few: none of them is a client's own word.
        registry.timer("vlm.requests", "status", String.valueOf(status), "reason", reason)
                .record(Duration.ofMillis(record.millis()));
        registry.counter("vlm.tokens", "kind", "prompt").increment(record.promptTokens());
        registry.counter("vlm.tokens", "kind", "completion").increment(record.completionTokens());
    }

    /** All metrics, as Prometheus reads them. */
    String scrape() {
        return registry.scrape();
    }
}
