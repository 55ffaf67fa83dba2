package io.github.camelvlm.http;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.function.IntSupplier;
import org.apache.camel.spi.Registry;

/**
 * Counts and times requests in all registries that it finds in that of Camel, as engines do, and tells what is in one of
 * them in the text format of Prometheus.
 */
final class Metrics {
    private final PrometheusMeterRegistry prometheus;
    private final CompositeMeterRegistry all = new CompositeMeterRegistry();

    /**
     * @param inHand the requests that are being received, answered or sent
     * @param beans where registries are found, and one for Prometheus is put if there is none
     */
    Metrics(IntSupplier inHand, Registry beans) {
        prometheus = beans.findByType(PrometheusMeterRegistry.class).stream()
                .findFirst()
                .orElseGet(() -> bind(beans));
        beans.findByType(MeterRegistry.class).forEach(all::add);
        Gauge.builder("vlm.requests.in.hand", inHand::getAsInt)
                .description("Requests that are being received, answered or sent")
                .register(all);
    }

    private static PrometheusMeterRegistry bind(Registry beans) {
        PrometheusMeterRegistry own = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        beans.bind("vlmMeterRegistry", own);
        return own;
    }

    /** Notes the end of a request. */
    void ended(int status, String reason, RequestRecord record) {
        // The kinds of reasons are few: none of them is a client's own word.
        all.timer("vlm.requests", "status", String.valueOf(status), "reason", reason)
                .record(Duration.ofMillis(record.millis()));
    }

    /** All metrics, as Prometheus reads them. */
    String scrape() {
        return prometheus.scrape();
    }
}
