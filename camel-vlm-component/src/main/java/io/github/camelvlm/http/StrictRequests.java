package io.github.camelvlm.http;

import io.github.camelvlm.dialect.Dialect;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.RoutingContext;
import java.util.regex.Pattern;

/**
 * Refuses, in JSON, what the server cannot read as HTTP, and what another server on the way may have read
 * otherwise. The connection ends with it: it cannot be told where the next request begins.
 */
final class StrictRequests implements Handler<RoutingContext> {
    private static final Pattern BROKEN_PERCENT = Pattern.compile("%(?![0-9A-Fa-f]{2})");

    private final Connections connections;

    /** @param connections knows which are over */
    StrictRequests(Connections connections) {
        this.connections = connections;
    }

    @Override
    public void handle(RoutingContext context) {
        HttpServerRequest request = context.request();
        if (connections.isOver(request.connection())) {
            // It came behind the one that was refused.
            return;
        }
        if (hasOneHost(request) && hasPlainChunks(request) && hasReadablePath(request)) {
            context.next();
        } else {
            refuse(request, Dialects.of(context));
        }
    }

    private static boolean hasOneHost(HttpServerRequest request) {
        int hosts = request.headers().getAll(HttpHeaders.HOST).size();
        return hosts == 1 || hosts == 0 && request.version() != HttpVersion.HTTP_1_1;
    }

    /** Another coding below the chunks would be left undone. */
    private static boolean hasPlainChunks(HttpServerRequest request) {
        String coding = request.getHeader(HttpHeaders.TRANSFER_ENCODING);
        return coding == null || coding.strip().equalsIgnoreCase("chunked");
    }

    private static boolean hasReadablePath(HttpServerRequest request) {
        return request.path() == null || !BROKEN_PERCENT.matcher(request.path()).find();
    }

    /** Answers a request that cannot be read, and none behind it. */
    void refuse(HttpServerRequest request) {
        refuse(request, (Dialect) null);
    }

    /** Answers a request that cannot be read, and none behind it, as the clients of a dialect read it; of null, of OpenAI's. */
    void refuse(HttpServerRequest request, Dialect dialect) {
        connections.end(request.connection());
        Throwable cause = request.decoderResult().cause();
        refuse(
                request,
                dialect,
                cause instanceof TooLongHttpLineException
                        ? 414
                        : cause instanceof TooLongHttpHeaderException ? 431 : 400);
    }

    private static void refuse(HttpServerRequest request, Dialect dialect, int status) {
        request.response()
                .setStatusCode(status)
                .putHeader(HttpHeaders.CONNECTION, "close")
                .putHeader(HttpHeaders.DATE, DateHeader.now())
                .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                .end(Dialects.toJson(OpenAiErrors.page(status), dialect))
                .onComplete(sent -> request.connection().close());
    }
}
