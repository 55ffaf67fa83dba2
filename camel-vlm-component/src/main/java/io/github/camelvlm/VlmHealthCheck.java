package io.github.camelvlm;

import io.github.camelvlm.chat.EngineFault;
import io.github.camelvlm.chat.VlmEngine;
import io.github.camelvlm.chat.VlmException;
import io.github.camelvlm.registry.VlmEngines;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;

/** Whether the endpoint's model is loaded and its engine answers; says why, where an engine does not. */
class VlmHealthCheck extends AbstractHealthCheck {
    private final VlmEndpoint endpoint;

    VlmHealthCheck(VlmEndpoint endpoint) {
        this(endpoint, "producer:vlm-");
    }

    VlmHealthCheck(VlmEndpoint endpoint, String prefix) {
        super("camel", prefix + endpoint.getId());
        this.endpoint = endpoint;
    }

    @Override
    protected void doCall(HealthCheckResultBuilder builder, Map<String, Object> options) {
        // Of several models, and of servers elsewhere, none may be named; Camel takes no null from 4.22 on.
        Optional.ofNullable(endpoint.getConfiguration().getModel()).ifPresent(model -> builder.detail("model", model));
        try {
            report(builder, VlmEngines.of(endpoint.getCamelContext()).find(endpoint.getConfiguration()));
        } catch (VlmException e) {
            failed(builder, e);
        }
    }

    /** @param engine empty if it is not loaded */
    void report(HealthCheckResultBuilder builder, Optional<VlmEngine> engine) {
        engine.ifPresent(found -> details(builder, found));
        if (engine.filter(VlmEngine::isReady).isPresent()) {
            builder.up();
        } else {
            reason(builder, engine.flatMap(VlmEngine::fault)).down();
        }
    }

    private static void details(HealthCheckResultBuilder builder, VlmEngine engine) {
        if (engine.models().size() > 1) {
            builder.detail(
                    "loaded",
                    engine.models().stream()
                            .filter(model -> model.presence().isLoaded())
                            .map(VlmEngine::model)
                            .collect(Collectors.joining(", ")));
        }
        for (VlmEngine model : engine.models()) {
            if (model.presence().replicas() > 1) {
                builder.detail(
                        "replicas of " + model.model(),
                        model.presence().readyReplicas() + " of "
                                + model.presence().replicas() + " answer");
            }
            model.fault().ifPresent(fault -> builder.detail("fault of " + model.model(), fault.message()));
        }
    }

    static HealthCheckResultBuilder reason(HealthCheckResultBuilder builder, Optional<EngineFault> fault) {
        fault.ifPresent(found -> builder.detail("fault", found.kind().wireName()));
        return builder.message(fault.map(found -> "The engine fails on everything: " + found.message())
                .orElse("The model is not loaded"));
    }

    /** The model is not on this machine, or is none. */
    void failed(HealthCheckResultBuilder builder, VlmException e) {
        builder.error(e).down();
    }

    @Override
    public boolean isLiveness() {
        return false;
    }
}
