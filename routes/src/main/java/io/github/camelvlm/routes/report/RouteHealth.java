package io.github.camelvlm.routes.report;

import java.util.Map;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;

/**
 * Whether a route can do its work. It tells of readiness alone: a process whose broker, bucket or folder fails is not
 * helped by a restart. Camel finds the check among the beans of its registry.
 */
public abstract class RouteHealth extends AbstractHealthCheck {
    /** @param id names the check */
    protected RouteHealth(String id) {
        super("camel-vlm", id);
    }

    @Override
    public boolean isLiveness() {
        return false;
    }

    @Override
    protected void doCall(HealthCheckResultBuilder builder, Map<String, Object> options) {
        String trouble = trouble();
        builder.message(trouble).state(trouble == null ? State.UP : State.DOWN);
    }

    /** What keeps the route from its work, and the mend; null if nothing does. */
    public abstract String trouble();
}
