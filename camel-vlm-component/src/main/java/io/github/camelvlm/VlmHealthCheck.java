package io.github.camelvlm;

import io.github.camelvlm.chat.VlmException;
import java.util.Map;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;

/** Up while the endpoint's model is loaded and its engine answers. */
class VlmHealthCheck extends AbstractHealthCheck {
    private final VlmEndpoint endpoint;

    VlmHealthCheck(VlmEndpoint endpoint) {
        super("camel", "producer:vlm-" + endpoint.getId());
        this.endpoint = endpoint;
    }

    @Override
    protected void doCall(HealthCheckResultBuilder builder, Map<String, Object> options) {
        builder.detail("model", endpoint.getConfiguration().getModel());
        try {
            boolean ready = VlmEngines.of(endpoint.getCamelContext()).isReady(endpoint.getConfiguration());
            builder.message(ready ? null : "The model is not loaded").state(ready ? State.UP : State.DOWN);
        } catch (VlmException e) {
            builder.error(e).down();
        }
    }

    @Override
    public boolean isLiveness() {
        return false;
    }
}
