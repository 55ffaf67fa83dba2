package io.github.camelvlm.http;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.function.IntSupplier;
import org.apache.camel.spi.Registry;

/**
 * Counts and times requests, and tells of them in the text format of Prometheus, beside what engines do: those tell the
 * registries that they find in that of Camel.
 */
final class Metrics {
    private final PrometheusMeterRegistry registry;

    /**
     * @param inHand the requests that are being received, answered or sent
     * @param beans where a registry is found, or put if there is none
     */
    Metrics(IntSupplier inHand, Registry beans) {
        registry = beans.findByType(PrometheusMeterRegistry.class).stream()
                .findFirst()
                .orElseGet(() -> bind(beans));
        Gauge.builder("vlm.requests.in.hand", inHand::getAsInt)
                .description("Requests that are being received, answered or sent")
                .register(registry);
    }

    private static PrometheusMeterRegistry bind(Registry beans) {
        PrometheusMeterRegistry own = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        beans.bind("vlmMeterRegistry", own);
        return own;
    }

    /** Notes the end of a request. */
    void ended(int status, String reason, RequestRecord record) {
        // The kinds of reasons are few: none of them is a client's own word.
        registry.timer("vlm.requests", "status", String.valueOf(status), "reason", reason)
                .record(Duration.ofMillis(record.millis()));
    }

    /** All metrics, as Prometheus reads them. */
    String scrape() {
        return registry.scrape();
    }
}
