package io.github.camelvlm.http;

import io.github.camelvlm.dialect.Dialect;
import io.vertx.core.Handler;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.RoutingContext;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.apache.camel.CamelContext;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpRouter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What each request passes before the routes, in this order. */
final class HandlerChain {
    private static final Logger LOG = LoggerFactory.getLogger(HandlerChain.class);

    /** One client leaves one part of the memory for bodies to others. */
    private static final int PARTS = 4;

    private final HttpServiceSettings settings;
    private final CamelContext camel;
    private final ApiKeys keys;
    private final Admission admission;
    private final Metrics metrics;
    private int order = Integer.MIN_VALUE;

    /**
     * @param settings how the service is set up
     * @param camel has the dialects, and the health
     * @throws IllegalArgumentException if the file of keys has none
     */
    HandlerChain(HttpServiceSettings settings, CamelContext camel) {
        this.settings = settings;
        this.camel = camel;
        keys = new ApiKeys(settings.apiKeys(), settings.apiKeyFile());
        admission = admission(settings);
        metrics = new Metrics(admission::inHand, camel.getRegistry());
    }

    private static Admission admission(HttpServiceSettings settings) {
        long memory = settings.bodyMemory() > 0 ? settings.bodyMemory() : BodyMemory.ofTheHeap();
        long ofOneClient = settings.memoryPerClient() > 0 ? settings.memoryPerClient() : memory / PARTS * (PARTS - 1);
        long largest = Math.min(settings.maxBody(), Math.min(memory, ofOneClient));
        return new Admission(
                settings.maxRequests(),
                new BodyMemory(memory, ofOneClient),
                new UploadLimits(largest, settings.patience(), settings.minUploadRate()));
    }

    /** Puts it before the routes of a router. */
    ApiServer.Watch install(VertxPlatformHttpRouter router) {
        warnOfOpenDoors();
        Connections connections = new Connections(router.vertx(), settings.connectionsPerClient(), settings.idle());
        AllowedMethods methods = new AllowedMethods(router);
        StrictRequests strict = new StrictRequests(connections);
        OpenAiErrors.install(router, methods, strict);
        // First, so that all that follows is refused in the words of its client.
        add(router, new Dialects(camel.getRegistry().findByType(Dialect.class)));
        add(router, strict);
        add(router, methods::reroute);
        add(router, new RequestId()).failureHandler(OpenAiErrors::passOver);
        add(router, new DateHeader());
        add(router, new RequestLog(metrics));
        add(router, connections);
        if (settings.corsOrigins() != null && !settings.corsOrigins().isBlank()) {
            add(router, new Cors(settings.corsOrigins()));
        }
        add(router, keys);
        add(router, new Health(camel));
        add(router, new ApiDocs());
        add(router, methods);
        add(router, admission);
        return new ApiServer.Watch(connections, strict);
    }

    private Route add(VertxPlatformHttpRouter router, Handler<RoutingContext> handler) {
        return router.route().order(order++).handler(handler);
    }

    private void warnOfOpenDoors() {
        if (!keys.guard() && isForAll(settings.host())) {
            LOG.warn(
                    "No API key is set: everybody who reaches {} may ask. Set API_KEY, or API_HOST=127.0.0.1 to serve"
                            + " this machine alone",
                    settings.port() == 0 ? "this machine" : "port " + settings.port());
        }
    }

    private static boolean isForAll(String host) {
        try {
            return InetAddress.getByName(host).isAnyLocalAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }

    /** Whether clients must send a key. */
    boolean asksForKeys() {
        return keys.guard();
    }

    /** What is counted of requests and engines. */
    Metrics metrics() {
        return metrics;
    }
}
