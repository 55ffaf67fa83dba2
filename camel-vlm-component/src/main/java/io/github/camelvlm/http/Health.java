package io.github.camelvlm.http;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import org.apache.camel.CamelContext;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckHelper;

/**
 * Answers {@code GET /health/live} (the process runs), {@code /health/ready} and {@code /health} (it can answer requests:
 * the routes have started and the model is loaded), and refuses all else while the routes start or stop. It does so
 * beside the routes, for they do not exist before the model is loaded.
 */
final class Health implements Handler<RoutingContext> {
    private final CamelContext camel;

    Health(CamelContext camel) {
        this.camel = camel;
    }

    @Override
    public void handle(RoutingContext context) {
        String path = context.normalizedPath();
        boolean asksHealth = path.equals("/health") || path.equals("/health/ready") || path.equals("/health/live");
        if (asksHealth && isRead(context.request().method())) {
            if (path.equals("/health/live")) {
                report(context, true);
            } else if (!camel.getStatus().isStarted()) {
                report(context, false);
            } else {
                // A check may wait for a model that is being loaded, and this thread serves everybody.
                context.vertx()
                        .executeBlocking(this::isReady, false)
                        .onComplete(ready -> report(context, ready.succeeded() && ready.result()));
            }
        } else if (!camel.getStatus().isStarted()) {
            OpenAiErrors.send(
                    context,
                    503,
                    camel.getStatus().isStopping()
                            ? "The server is stopping"
                            : "The model is still being loaded: try again later",
                    "service_unavailable",
                    "service_unavailable");
        } else {
            context.next();
        }
    }

    private static boolean isRead(HttpMethod method) {
        return method == HttpMethod.GET || method == HttpMethod.HEAD;
    }

    private boolean isReady() {
        return HealthCheckHelper.invokeReadiness(camel).stream()
                .noneMatch(result -> result.getState() == HealthCheck.State.DOWN);
    }

    private static void report(RoutingContext context, boolean up) {
        context.response()
                .setStatusCode(up ? 200 : 503)
                .putHeader("Content-Type", "application/json")
                .end(up ? "{\"status\":\"UP\"}" : "{\"status\":\"DOWN\"}");
    }
}
