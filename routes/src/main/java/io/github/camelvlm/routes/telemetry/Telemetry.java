package io.github.camelvlm.routes.telemetry;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import org.apache.camel.CamelContext;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.main.BaseMainSupport;
import org.apache.camel.main.Main;
import org.apache.camel.main.MainListenerSupport;
import org.apache.camel.support.LifecycleStrategySupport;
import org.apache.camel.util.TimeUtils;

/**
 * Puts the registries of meters where the component and the HTTP service find them, with what the process tells of itself:
 * one that Prometheus reads and, if {@code vlm.otlp} is set, one that sends.
 */
public final class Telemetry extends MainListenerSupport {
    private final ProcessMeters process = new ProcessMeters();
    private Otlp otlp;

    private Telemetry() {}

    /** Begins to tell before the routes are made. */
    public static void addTo(Main main) {
        main.addMainListener(new Telemetry());
    }

    @Override
    public void beforeConfigure(BaseMainSupport main) {
        CamelContext context = main.getCamelContext();
        context.addLifecycleStrategy(new Closing());
        add("prometheusMeters", new PrometheusMeterRegistry(PrometheusConfig.DEFAULT), context);
        String collector = value(context, "vlm.otlp").strip();
        if (!collector.isEmpty()) {
            otlp = new Otlp(
                    collector, Duration.ofMillis(TimeUtils.toMilliSeconds(value(context, "vlm.otlp-interval"))));
            add("otlpMeters", otlp.meters(), context);
            otlp.traceRoutes(context);
        }
    }

    private void add(String name, MeterRegistry meters, CamelContext context) {
        process.bindTo(meters);
        context.getRegistry().bind(name, meters);
    }

    private final class Closing extends LifecycleStrategySupport {
        @Override
        public void onContextStopped(CamelContext context) {
            process.close();
            if (otlp != null) {
                otlp.close();
            }
        }
    }

    private static String value(CamelContext context, String name) {
        try {
            return context.resolvePropertyPlaceholders("{{" + name + "}}");
        } catch (Exception e) {
            throw RuntimeCamelException.wrapRuntimeCamelException(e);
        }
    }
}
