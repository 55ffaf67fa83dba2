package io.github.camelvlm.observation;

import io.github.camelvlm.metrics.EngineObserver;
import io.github.camelvlm.metrics.MicrometerObserver;
import io.micrometer.core.instrument.MeterRegistry;
import org.apache.camel.CamelContext;

/** The registries of Micrometer's that an application has put into the registry of its Camel context. */
public final class MeterRegistries {
    private MeterRegistries() {}

    /** Who tells them what goes on; none where Micrometer is not among the dependencies. */
    public static EngineObserver observer(CamelContext context) {
        return context.getClassResolver().resolveClass("io.micrometer.core.instrument.MeterRegistry") == null
                ? EngineObserver.NONE
                : Lookup.observer(context);
    }

    /** What knows Micrometer's classes stands apart, so that they are looked for only where they are. */
    private static final class Lookup {
        public static EngineObserver observer(CamelContext context) {
            return new MicrometerObserver(() -> context.getRegistry().findByType(MeterRegistry.class));
        }
    }
}
