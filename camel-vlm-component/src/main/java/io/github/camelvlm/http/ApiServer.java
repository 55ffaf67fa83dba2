package io.github.camelvlm.http;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.impl.VertxInternal;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpRouter;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpServer;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpServerConfiguration;
import org.apache.camel.component.vertx.common.VertxHelper;
import org.apache.camel.support.jsse.SSLContextParameters;

/**
 * Camel's HTTP server, with what it cannot be told by its configuration: how requests that it cannot read are answered,
 * which connections it keeps, whether it speaks HTTP/2, and how it ends.
 */
final class ApiServer extends VertxPlatformHttpServer {
    /** What has an eye on connections, and on requests that cannot be read. */
    record Watch(Connections connections, StrictRequests strict) {}

    private static final Duration LIMIT = Duration.ofSeconds(10);

    /** The longest time for which a stop lets clients wait, and that without a new one after which it does so no more. */
    private static final Duration HOLD = Duration.ofSeconds(1);

    private static final Duration QUIET = Duration.ofMillis(50);

    /** The longest time that a stop waits for clients that have just connected, and the silence after which none will ask. */
    private static final Duration LEAVE = Duration.ofSeconds(2);

    private static final Duration SILENCE = Duration.ofMillis(100);
    private static final Duration LOOK = Duration.ofMillis(10);

    /**
     * Where clients may change to HTTP/2, {@link Connections} hears of one only when it has said what it speaks; so
     * connections on which nothing comes or goes are closed, but not those that wait for the longest answer.
     */
    private static final Duration SILENCE_OF_HTTP2 = Duration.ofMinutes(15);

    private final VertxPlatformHttpServerConfiguration configuration;
    private final boolean http2;
    private final Function<VertxPlatformHttpRouter, Watch> setUp;
    private VertxPlatformHttpRouter router;
    private Connections connections;
    private Vertx vertx;
    private Listener server;

    /**
     * @param configuration where it listens, and whether with TLS
     * @param http2 whether it speaks HTTP/2 too
     * @param setUp puts handlers before the routes, and gives what watches connections
     */
    ApiServer(
            VertxPlatformHttpServerConfiguration configuration,
            boolean http2,
            Function<VertxPlatformHttpRouter, Watch> setUp) {
        super(configuration);
        this.configuration = configuration;
        this.http2 = http2;
        this.setUp = setUp;
    }

    @Override
    public HttpServer getServer() {
        return server;
    }

    @Override
    public int getPort() {
        return server == null ? configuration.getBindPort() : server.actualPort();
    }

    @Override
    protected Vertx createVertxInstance() {
        vertx = super.createVertxInstance();
        return vertx;
    }

    /** Camel's routes find a router here that leaves bodies to {@link Upload}. */
    @Override
    protected void initializeServer() {
        super.initializeServer();
        router =
                new VertxPlatformHttpRouter(
                        this,
                        getVertx(),
                        VertxPlatformHttpRouter.lookup(getCamelContext(), routerName()),
                        routerName(),
                        VertxPlatformHttpRouter.SERVER_TYPE_SERVER) {
                    @Override
                    public Handler<RoutingContext> bodyHandler() {
                        return RoutingContext::next;
                    }
                };
        // It would keep both under the name.
        getCamelContext().getRegistry().unbind(routerName());
        getCamelContext().getRegistry().bind(routerName(), router);
    }

    private String routerName() {
        return VertxPlatformHttpRouter.getRouterNameFromPort(configuration.getBindPort());
    }

    /** @throws IllegalStateException if it cannot listen */
    @Override
    protected void startServer() {
        Watch watch = setUp.apply(router);
        connections = watch.connections();
        server = new Listener((VertxInternal) getVertx(), options(), http2);
        server.requestHandler(new MediaTypeCase(router))
                .invalidRequestHandler(watch.strict()::refuse)
                .connectionHandler(connections::open);
        try {
            await(server.listen(configuration.getBindPort(), configuration.getBindHost()), LIMIT);
        } catch (ExecutionException | TimeoutException e) {
            server = null;
            throw new IllegalStateException(
                    "Nothing can be served at " + configuration.getBindHost() + ":" + configuration.getBindPort() + " ("
                            + e.getMessage() + "): another process listens there, or the address is not this machine's."
                            + " Choose another by API_PORT or API_HOST",
                    e);
        }
    }

    private HttpServerOptions options() {
        HttpServerOptions options =
                new HttpServerOptions().setHttp2ClearTextEnabled(http2).setUseAlpn(http2);
        if (http2) {
            options.setIdleTimeoutUnit(TimeUnit.MILLISECONDS).setIdleTimeout((int) SILENCE_OF_HTTP2.toMillis());
        }
        SSLContextParameters tls = configuration.isUseGlobalSslContextParameters()
                ? getCamelContext().getSSLContextParameters()
                : null;
        if (tls != null) {
            try {
                VertxHelper.setupSSLOptions(getCamelContext(), tls, options);
            } catch (Exception e) {
                throw new IllegalStateException("The HTTP service cannot set up its TLS: " + e.getMessage(), e);
            }
        }
        return options;
    }

    /** By now each request gets 503: clients that have connected hear it too, and all others are refused. */
    @Override
    protected void stopServer() {
        if (server == null) {
            return;
        }
        try {
            server.hold();
            await(() -> server.isQuietFor(QUIET), HOLD);
            server.stopListening();
            long start = System.nanoTime();
            // A connection of the last moment may not be known yet.
            await(() -> System.nanoTime() - start >= SILENCE.toNanos() && isSilent(), LEAVE);
            await(server.close(), LIMIT);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("The HTTP server does not close: " + e.getMessage(), e);
        } finally {
            server = null;
        }
    }

    private boolean isSilent() {
        return !server.awaitsFirstRequest() && connections.areSilentFor(SILENCE);
    }

    private static void await(BooleanSupplier end, Duration limit) {
        long start = System.nanoTime();
        while (!end.getAsBoolean() && System.nanoTime() - start < limit.toNanos()) {
            try {
                TimeUnit.MILLISECONDS.sleep(LOOK.toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    /** Camel leaves its own Vert.x running. */
    @Override
    protected void stopVertx() {
        if (vertx == null) {
            return;
        }
        try {
            await(vertx.close(), LIMIT);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("Vert.x does not close: " + e.getMessage(), e);
        } finally {
            vertx = null;
        }
    }

    private static void await(Future<?> future, Duration limit) throws ExecutionException, TimeoutException {
        try {
            future.toCompletionStage().toCompletableFuture().get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("The HTTP service was interrupted", e);
        }
    }
}
