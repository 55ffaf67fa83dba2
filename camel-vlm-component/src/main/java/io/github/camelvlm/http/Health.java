package io.github.camelvlm.http;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.RoutingContext;
import java.util.Collection;
import org.apache.camel.CamelContext;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckHelper;

/**
 * Answers {@code GET /health/live} (the process runs, and nothing is wrong with it that only a new one mends), {@code /health/ready} and {@code /health} (it can answer requests:
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
            boolean asksLiveness = path.equals("/health/live");
            if (!camel.getStatus().isStarted()) {
                report(context, asksLiveness);
            } else {
                // A check may wait for a model that is being loaded, and this thread serves everybody.
                context.vertx()
                        .executeBlocking(asksLiveness ? this::isLive : this::isReady, false)
                        .onComplete(up -> report(context, up.succeeded() && up.result()));
            }
        } else if (!camel.getStatus().isStarted()) {
            if (camel.getStatus().isStopping() && context.request().version() != HttpVersion.HTTP_2) {
                context.response().putHeader(HttpHeaders.CONNECTION, "close");
            }
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
        return isUp(HealthCheckHelper.invokeReadiness(camel));
    }

    private boolean isLive() {
        return isUp(HealthCheckHelper.invokeLiveness(camel));
    }

    private static boolean isUp(Collection<HealthCheck.Result> results) {
        return results.stream().noneMatch(result -> result.getState() == HealthCheck.State.DOWN);
    }

    private static void report(RoutingContext context, boolean up) {
        context.response()
                .setStatusCode(up ? 200 : 503)
                .putHeader("Content-Type", "application/json")
                .end(up ? "{\"status\":\"UP\"}" : "{\"status\":\"DOWN\"}");
    }
}
