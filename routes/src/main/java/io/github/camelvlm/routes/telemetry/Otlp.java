package io.github.camelvlm.routes.telemetry;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.ipc.http.HttpUrlConnectionSender;
import io.micrometer.registry.otlp.OtlpConfig;
import io.micrometer.registry.otlp.OtlpHttpMetricsSender;
import io.micrometer.registry.otlp.OtlpMeterRegistry;
import io.micrometer.registry.otlp.OtlpMetricsSender;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.opentelemetry2.OpenTelemetryTracer;

/** Sends metrics and traces to a collector, by OTLP over HTTP in Protocol Buffers. */
final class Otlp implements AutoCloseable {
    private static final String NAME = "camel-vlm";
    private static final String SERVICE_NAME = "service.name";

    private final OtlpMeterRegistry meters;
    private final OpenTelemetrySdk traces;

    /**
     * @param collector its base URL
     * @param interval from one sending of metrics to the next
     * @throws IllegalArgumentException if that is no such URL
     */
    Otlp(String collector, Duration interval) {
        String base = requireBase(collector);
        Settings settings = new Settings(base + "/v1/metrics", interval);
        meters = OtlpMeterRegistry.builder(settings)
                .metricsSender(told(new CollectorNotice("metrics", shown(settings.url()))))
                .build();
        CollectorNotice ofTraces = new CollectorNotice("traces", shown(base + "/v1/traces"));
        traces = AutoConfiguredOpenTelemetrySdk.builder()
                .disableShutdownHook()
                // What the environment says of these goes before.
                .addPropertiesSupplier(() -> Map.of("otel.service.name", NAME))
                // What the application's own property says goes before the environment.
                .addPropertiesCustomizer(said -> Map.of(
                        "otel.traces.exporter", "otlp",
                        "otel.metrics.exporter", "none",
                        "otel.logs.exporter", "none",
                        "otel.exporter.otlp.traces.protocol", "http/protobuf",
                        "otel.exporter.otlp.traces.endpoint", base + "/v1/traces"))
                .addSpanExporterCustomizer((exporter, configuration) -> new ToldSpans(exporter, ofTraces))
                .build()
                .getOpenTelemetrySdk();
    }

    /** The registry itself would write a stack trace at each interval. */
    private static OtlpMetricsSender told(CollectorNotice notice) {
        OtlpMetricsSender sender = new OtlpHttpMetricsSender(new HttpUrlConnectionSender());
        return request -> {
            try {
                sender.send(request);
                notice.taken();
            } catch (Exception e) {
                notice.lost(e);
            }
        };
    }

    /** Without the password that an address may hold. */
    private static String shown(String address) {
        return address.replaceFirst("//[^/@]*@", "//");
    }

    private static String requireBase(String collector) {
        if (!collector.matches("https?://[^\\s/?#]+(/[^\\s?#]*)?")
                || URI.create(collector).getHost() == null) {
            throw new IllegalArgumentException("vlm.otlp is \"" + collector
                    + "\": write the base URL of a collector, such as http://localhost:4318");
        }
        return collector.replaceFirst("/+$", "");
    }

    MeterRegistry meters() {
        return meters;
    }

    /** Makes a span of what each route does, and of each request to the model. */
    void traceRoutes(CamelContext context) {
        context.getRegistry().bind("otlpTracer", Tracer.class, traces.getTracer(NAME));
        context.getRegistry().bind("otlpPropagators", ContextPropagators.class, traces.getPropagators());
        OpenTelemetryTracer tracer = new OpenTelemetryTracer();
        tracer.setCamelContext(context);
        // Each scrape would be a trace.
        tracer.setExcludePatterns(".*[:/]metrics(\\?.*)?");
        tracer.init(context);
    }

    /** Sends what is left. */
    @Override
    public void close() {
        meters.close();
        traces.close();
    }

    private record Settings(String url, Duration step) implements OtlpConfig {
        @Override
        public String get(String name) {
            return null;
        }

        @Override
        public Map<String, String> resourceAttributes() {
            Map<String, String> attributes = new LinkedHashMap<>(Map.of(SERVICE_NAME, NAME));
            // Those of the environment.
            attributes.putAll(OtlpConfig.super.resourceAttributes());
            return attributes;
        }
    }
}
