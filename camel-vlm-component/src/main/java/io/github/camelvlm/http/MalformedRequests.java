package io.github.camelvlm.http;

import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpServer;
import org.apache.camel.component.vertx.common.VertxHelper;
import org.apache.camel.support.jsse.SSLContextParameters;

/**
 * Answers what the server cannot read as HTTP in OpenAI's JSON too. Vert.x takes the handler for that only from a server
 * that does not listen yet, and Camel's listens as soon as it can be had; so another one listens in its place. That one
 * also ends idle connections, which Camel's cannot be told to.
 */
final class MalformedRequests {
    private static final int SECONDS = 10;
    private static final int RETRY_MILLIS = 20;

    private MalformedRequests() {}

    /**
     * Puts a server in the place of Camel's, with the same routes at the same address, and the same TLS.
     *
     * @param idle how long it keeps a connection on which nothing comes or goes; see {@link IdleConnections}
     * @return the server, for the caller to close
     * @throws IllegalStateException if it cannot listen there
     */
    static HttpServer takeOver(Vertx vertx, VertxPlatformHttpServer camels, Duration idle) {
        HttpServer old = camels.getServer();
        HttpServerOptions options = options(camels)
                .setIdleTimeoutUnit(TimeUnit.MILLISECONDS)
                .setIdleTimeout(Math.toIntExact(idle.toMillis()));
        HttpServer server = vertx.createHttpServer(options)
                .requestHandler(new MediaTypeCase(old.requestHandler()))
                .invalidRequestHandler(MalformedRequests::refuse);
        int port = old.actualPort();
        await(old.close());
        await(listen(vertx, server, port, camels.getHost(), System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS)));
        return server;
    }

    /** Those that Camel Main gives its server, which do not let themselves be read back. */
    private static HttpServerOptions options(VertxPlatformHttpServer camels) {
        HttpServerOptions options = new HttpServerOptions();
        SSLContextParameters tls = camels.isUseGlobalSslContextParameters()
                ? camels.getCamelContext().getSSLContextParameters()
                : null;
        if (tls != null) {
            try {
                VertxHelper.setupSSLOptions(camels.getCamelContext(), tls, options);
            } catch (Exception e) {
                throw new IllegalStateException("The HTTP service cannot set up its TLS: " + e.getMessage(), e);
            }
        }
        return options;
    }

    /** On a busy machine the port is free only some moments after the other server has closed. */
    private static Future<HttpServer> listen(Vertx vertx, HttpServer server, int port, String host, long deadline) {
        return server.listen(port, host).recover(failure -> {
            if (System.nanoTime() >= deadline) {
                return Future.failedFuture(failure);
            }
            Promise<HttpServer> again = Promise.promise();
            vertx.setTimer(
                    RETRY_MILLIS,
                    tick -> listen(vertx, server, port, host, deadline).onComplete(again));
            return again.future();
        });
    }

    private static void await(Future<?> future) {
        try {
            future.toCompletionStage().toCompletableFuture().get(2 * SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("The start of the HTTP service was interrupted", e);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("The HTTP service cannot listen: " + e.getMessage(), e);
        }
    }

    private static void refuse(HttpServerRequest request) {
        Throwable cause = request.decoderResult().cause();
        int status = cause instanceof TooLongHttpLineException
                ? 414
                : cause instanceof TooLongHttpHeaderException ? 431 : 400;
        request.response()
                .setStatusCode(status)
                .putHeader(HttpHeaders.CONNECTION, "close")
                .putHeader(HttpHeaders.DATE, DateHeader.now())
                .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                .end(OpenAiErrors.page(status).toJson())
                .onComplete(sent -> request.connection().close());
    }
}
