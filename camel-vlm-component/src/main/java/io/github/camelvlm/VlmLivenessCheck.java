package io.github.camelvlm;

import io.github.camelvlm.chat.EngineFault;
import io.github.camelvlm.chat.VlmEngine;
import io.github.camelvlm.chat.VlmException;
import java.util.Optional;
import org.apache.camel.health.HealthCheckResultBuilder;

/**
 * Down while the endpoint's engine fails on everything and no server answers in its place, as only a new process may mend;
 * loading or not, it is up.
 */
final class VlmLivenessCheck extends VlmHealthCheck {

    VlmLivenessCheck(VlmEndpoint endpoint) {
        super(endpoint, "producer:vlm-live-");
    }

    @Override
    void report(HealthCheckResultBuilder builder, Optional<VlmEngine> engine) {
        Optional<EngineFault> fault = engine.filter(loaded -> !loaded.isReady()).flatMap(VlmEngine::fault);
        if (fault.isPresent()) {
            reason(builder, fault).down();
        } else {
            builder.up();
        }
    }

    @Override
    void failed(HealthCheckResultBuilder builder, VlmException e) {
        builder.up();
    }

    @Override
    public boolean isLiveness() {
        return true;
    }

    @Override
    public boolean isReadiness() {
        return false;
    }
}
