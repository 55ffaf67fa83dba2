package io.github.camelvlm.routes.start;

import io.github.camelvlm.VlmComponent;
import io.github.camelvlm.chat.VlmEngine;
import java.nio.file.Path;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
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
        servers().forEach(this::logHttp);
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
        context.getComponent("vlm", VlmComponent.class).engines().stream()
                .flatMap(engine -> engine.models().stream())
                .forEach(this::logEngine);
        Runtime java = Runtime.getRuntime();
        LOG.info(
                "In process {} by Java {}: {} processors, a heap of at most {} MB{}",
                ProcessHandle.current().pid(),
                Runtime.version(),
                java.availableProcessors(),
                java.maxMemory() / 1_000_000,
                value("vlm.otlp").isBlank() ? "" : "; metrics and traces go to " + shown("vlm.otlp"));
        if (runs("page")) {
            servers().forEach(this::logPage);
        }
    }

    private Stream<VertxPlatformHttpServer> servers() {
        return context.getRegistry().findByType(VertxPlatformHttpRouter.class).stream()
                .filter(VertxPlatformHttpRouter::isMainServer)
                .map(VertxPlatformHttpRouter::getServer);
    }

    private static String scheme(VertxPlatformHttpServer server) {
        return server.isUseGlobalSslContextParameters() ? "https" : "http";
    }

    private void logPage(VertxPlatformHttpServer server) {
        // Browsers do not open the address that stands for all.
        String host = List.of("0.0.0.0", "::", "[::]").contains(server.getHost()) ? "localhost" : server.getHost();
        LOG.info("Open {}://{}:{}/ in a browser to try it", scheme(server), host, server.getPort());
    }

    private void logHttp(VertxPlatformHttpServer server) {
        if (runs("chat")) {
            LOG.info("Serving OpenAI's API at {}://{}:{}/v1", scheme(server), server.getHost(), server.getPort());
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
        // An engine of this process has told what it computes on when its model was loaded.
        LOG.info(
                "The model {} answers {} requests at once, {} more wait{}",
                engine.model(),
                value("vlm.max-sequences"),
                value("vlm.queue-length"),
                where(engine));
    }

    private String where(VlmEngine engine) {
        if (!engine.presence().isLoaded()) {
            return "; it is loaded when the first asks for it";
        }
        boolean isTold =
                value("vlm.engine").equals("local") && engine.presence().replicas() == 1;
        return isTold ? "" : "; it is computed on " + engine.execution();
    }

    private boolean runs(String route) {
        return context.getRoute(route) != null
                && context.getRouteController().getRouteStatus(route).isStarted();
    }

    private String megabytes(String name) {
        return megabytes(Long.parseLong(value(name)));
    }

    /** A number of bytes as people read it, to a tenth of a megabyte, small ones to a byte. */
    static String megabytes(long bytes) {
        return bytes < 100_000
                ? bytes + " bytes"
                : new DecimalFormat("0.# MB", DecimalFormatSymbols.getInstance(Locale.ROOT)).format(bytes / 1e6);
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
