package io.github.camelvlm.routes.start;

import io.github.camelvlm.VlmComponent;
import io.github.camelvlm.chat.VlmEngine;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.apache.camel.CamelContext;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpRouter;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpServer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells in one block of the log what is served where, by what, and within which limits. */
final class StartSummary {
    private static final Logger LOG = LoggerFactory.getLogger("camel-vlm");

    private final CamelContext context;

    StartSummary(CamelContext context) {
        this.context = context;
    }

    void log() {
        context.getRegistry().findByType(VertxPlatformHttpRouter.class).stream()
                .filter(VertxPlatformHttpRouter::isMainServer)
                .map(VertxPlatformHttpRouter::getServer)
                .forEach(this::logHttp);
        if (runs("s3")) {
            LOG.info("Describing the pictures of the bucket {}", value("s3.bucket"));
            LOG.info("  {} in hand at once, at most {} each", value("s3.consumers"), megabytes("vlm.max-image-bytes"));
        }
        if (runs("queue")) {
            LOG.info("Answering the queue {} of {}", value("queue.requests"), shown("queue.url"));
            LOG.info(
                    "  {} in hand at once, pictures of at most {}",
                    value("queue.consumers"),
                    megabytes("vlm.max-image-bytes"));
        }
        if (runs("folder")) {
            LOG.info("Watching {} for pictures; captions go to {}", folder("vlm.inbox"), folder("vlm.captions"));
            LOG.info("  {} in hand at once, at most {} each", value("vlm.at-once"), megabytes("vlm.max-image-bytes"));
        }
        context.getComponent("vlm", VlmComponent.class).engines().forEach(this::logEngine);
        Runtime java = Runtime.getRuntime();
        LOG.info(
                "In process {} by Java {}: {} processors, a heap of at most {} MB{}",
                ProcessHandle.current().pid(),
                Runtime.version(),
                java.availableProcessors(),
                java.maxMemory() / 1_000_000,
                value("vlm.otlp").isBlank() ? "" : "; metrics and traces go to " + shown("vlm.otlp"));
    }

    private void logHttp(VertxPlatformHttpServer server) {
        String scheme = server.isUseGlobalSslContextParameters() ? "https" : "http";
        if (runs("page")) {
            // Browsers do not open the address that stands for all.
            String host = List.of("0.0.0.0", "::", "[::]").contains(server.getHost()) ? "localhost" : server.getHost();
            LOG.info("Open {}://{}:{}/ in a browser to try it", scheme, host, server.getPort());
        }
        if (runs("chat")) {
            LOG.info("Serving OpenAI's API at {}://{}:{}/v1", scheme, server.getHost(), server.getPort());
            logLimits();
        }
    }

    private void logLimits() {
        LOG.info(
                "  to try at /docs, observed by /health and /metrics; {}",
                value("api.key").isBlank() && value("api.key-file").isBlank()
                        ? "everybody may ask"
                        : "asked with a key");
        LOG.info(
                "  at most {} requests in hand, {} pictures of {} each, {} for an answer",
                value("api.max-requests"),
                value("api.max-images"),
                megabytes("api.max-image-bytes"),
                value("api.time-limit").equals("0") ? "no limit" : value("api.time-limit"));
    }

    private void logEngine(VlmEngine engine) {
        int tokens = engine.info().contextLength();
        LOG.info("The model {} is computed on {}", engine.model(), engine.execution());
        LOG.info(
                "  {}{} requests at once, {} waiting",
                tokens == 0 ? "" : tokens + " tokens of prompt and answer, ",
                value("vlm.max-sequences"),
                value("vlm.queue-length"));
    }

    private boolean runs(String route) {
        return context.getRoute(route) != null
                && context.getRouteController().getRouteStatus(route).isStarted();
    }

    private String megabytes(String name) {
        return String.format(Locale.ROOT, "%.4g MB", Long.parseLong(value(name)) / 1e6)
                .replaceAll("\\.?0+ MB", " MB");
    }

    private Path folder(String name) {
        return Path.of(value(name)).toAbsolutePath().normalize();
    }

    private String shown(String name) {
        return new PropertyInForce(name, value(name), "").shown();
    }

    private String value(String name) {
        try {
            return context.resolvePropertyPlaceholders("{{" + name + "}}").strip();
        } catch (Exception e) {
            throw RuntimeCamelException.wrapRuntimeCamelException(e);
        }
    }
}
