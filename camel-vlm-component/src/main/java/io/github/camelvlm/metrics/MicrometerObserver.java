package io.github.camelvlm.metrics;

import io.github.camelvlm.chat.VlmEngine;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import java.util.Collection;
import java.util.function.Supplier;

/** Tells all registries that an application has. */
public final class MicrometerObserver implements EngineObserver {
    private final CompositeMeterRegistry registry = new CompositeMeterRegistry();
    private final EngineMeters engines = new EngineMeters(registry);
    private final RequestMeters requests = new RequestMeters(registry);
    private final GenAiMeters genAi = new GenAiMeters(registry);
    private final Supplier<? extends Collection<? extends MeterRegistry>> registries;

    /** @param registries those that there are by now; asked whenever an engine is loaded */
    public MicrometerObserver(Supplier<? extends Collection<? extends MeterRegistry>> registries) {
        this.registries = registries;
    }

    @Override
    public void loaded(VlmEngine engine) {
        // One that is a part of another one is told only once all the same: Micrometer sees to it.
        registries.get().forEach(registry::add);
        engines.add(engine);
    }

    @Override
    public void ended(ObservedRequest request) {
        requests.record(request);
        genAi.record(request);
    }

    @Override
    public void closed() {
        engines.clear();
    }
}
