package io.github.camelvlm.http;

import io.github.camelvlm.chat.Echo;
import io.github.camelvlm.chat.EngineUnavailableException;
import io.github.camelvlm.dialect.NotKeptException;
import io.github.camelvlm.openai.OpenAiError;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers that tell of an error, in the JSON of OpenAI or of a request's dialect: those of the server itself, and those that a route throws. */
final class OpenAiErrors {
    /**
     * The header by which a server tells OpenAI's clients whether to try again of their own accord. They would after all
     * statuses from 500 on, and a request that took more than the time it has would take that several times.
     */
    static final String SHOULD_RETRY = "x-should-retry";

    private static final Logger LOG = LoggerFactory.getLogger(OpenAiErrors.class);
    private static final String INVALID = "invalid_request_error";
    private static final String JSON = "application/json";
    private static final long LINGER_MILLIS = 1_000;

    /** HTTP/2's code by which a server that has answered says that it wants no more of the request. */
    private static final long NO_ERROR = 0;

    private static final String RETRY_SECONDS = "1";

    private static final Map<Integer, String> PAGES = Map.ofEntries(
            Map.entry(400, "The request is not HTTP as this server reads it"),
            Map.entry(401, "An API key is needed: send it as the header \"Authorization: Bearer KEY\""),
            Map.entry(403, "This is not allowed here"),
            Map.entry(404, "There is nothing at this path: POST /v1/chat/completions answers, /docs tells of the rest"),
            Map.entry(405, "This path has no such method"),
            Map.entry(406, "This path has no answer of the type that the header Accept asks for"),
            Map.entry(408, "The body of the request did not come in time"),
            Map.entry(413, "The body of the request is larger than this server takes"),
            Map.entry(414, "The address of the request is too long"),
            Map.entry(431, "The headers of the request are too long"),
            Map.entry(415, "The body must be JSON: send the header \"Content-Type: application/json\""),
            Map.entry(500, "The server failed on this request: its log says why"),
            Map.entry(501, "The server does not do this"),
            Map.entry(503, "The server is starting or stopping: try again later"));

    private OpenAiErrors() {}

    /** Puts JSON in the place of the server's own pages. */
    static void install(Router router, AllowedMethods methods, StrictRequests strict) {
        PAGES.forEach((status, message) -> router.errorHandler(status, context -> {
            if (status == 405) {
                context.response().putHeader(HttpHeaders.ALLOW, methods.of(context.normalizedPath()));
            }
            send(context, status, message(context, status, message));
        }));
        // The router's own, such as for a missing host.
        router.errorHandler(400, context -> strict.refuse(context.request(), Dialects.of(context)));
    }

    /** What is said where only the status is known. */
    static OpenAiError page(int status) {
        return new OpenAiError(status, new OpenAiError.Detail(PAGES.get(status), INVALID, null, code(status)));
    }

    /** A client that leaves while it sends is no failure of the server's. */
    static void passOver(RoutingContext context) {
        if (!(context.failure() instanceof HttpClosedException)) {
            context.next();
        }
    }

    private static String message(RoutingContext context, int status, String message) {
        if (status == 500 && context.failure() != null) {
            LOG.error("{} {} failed", context.request().method(), Echo.of(context.normalizedPath()), context.failure());
        }
        return status == 404 || status == 405
                ? context.request().method() + " " + Echo.of(context.normalizedPath()) + ": " + message
                : message;
    }

    private static void send(RoutingContext context, int status, String message) {
        String type = status == 503 ? "service_unavailable" : status >= 500 ? "server_error" : INVALID;
        send(context, status, message, type, code(status));
    }

    private static String code(int status) {
        return switch (status) {
            case 404 -> "not_found";
            case 405 -> "method_not_allowed";
            case 408 -> "request_timeout";
            case 413 -> "request_too_large";
            case 415 -> "unsupported_media_type";
            case 503 -> "service_unavailable";
            default -> null;
        };
    }

    /** Ends a request with an error. Nothing happens if it has its answer already, or its client has left. */
    static void send(RoutingContext context, int status, String message, String type, String code) {
        HttpServerResponse response = context.response();
        if (response.ended() || response.closed()) {
            return;
        }
        if (response.headWritten()) {
            response.reset();
            return;
        }
        RequestLog.reason(response, code == null ? type : code);
        if (hasBody(context) && !context.request().isEnded()) {
            discardBody(context);
        }
        if (isWorthRetrying(status)) {
            response.putHeader(HttpHeaders.RETRY_AFTER, RETRY_SECONDS);
        }
        response.setStatusCode(status).putHeader(HttpHeaders.CONTENT_TYPE, JSON);
        OpenAiError error = new OpenAiError(status, new OpenAiError.Detail(message, type, null, code));
        response.end(Dialects.toJson(error, Dialects.of(context)));
    }

    /**
     * Reads on for a moment: a client that still sends would not see the answer if it were cut off at once. A connection
     * of HTTP/1 is of no use to others then. One of HTTP/2 carries other requests too, and knows no header that ends it.
     */
    private static void discardBody(RoutingContext context) {
        HttpServerRequest request = context.request();
        HttpServerResponse response = context.response();
        boolean isShared = request.version() == HttpVersion.HTTP_2;
        if (!isShared) {
            response.putHeader(HttpHeaders.CONNECTION, "close");
        }
        request.handler(rest -> {}).endHandler(end -> {}).resume();
        context.vertx().setTimer(LINGER_MILLIS, late -> {
            if (!isShared) {
                request.connection().close();
            } else if (!request.isEnded()) {
                response.reset(NO_ERROR);
            }
        });
    }

    private static boolean hasBody(RoutingContext context) {
        // A request of HTTP/2 need not say that it has one.
        return context.request().version() == HttpVersion.HTTP_2
                || context.request().headers().contains(HttpHeaders.CONTENT_LENGTH)
                || context.request().headers().contains(HttpHeaders.TRANSFER_ENCODING);
    }

    /** Whether the same request may fare better a little later. */
    static boolean isWorthRetrying(int status) {
        return status == 429 || status == 503;
    }

    /** The header that says when, in seconds. */
    static String retrySeconds() {
        return RETRY_SECONDS;
    }

    /** An answer that was not whole when its time was over. */
    static OpenAiError timeLimit() {
        return new OpenAiError(
                504,
                new OpenAiError.Detail(
                        "The answer was not complete within the time limit: ask for fewer tokens, or try again when the"
                                + " server is less busy",
                        "server_error",
                        null,
                        "time_limit_exceeded"));
    }

    /** What a route has thrown, told to the client; what is the server's own fault goes to the log. */
    static OpenAiError of(Throwable failure) {
        if (failure instanceof InterruptedException || failure instanceof RejectedExecutionException) {
            return OpenAiError.of(new EngineUnavailableException("The server is stopping", failure));
        }
        if (failure instanceof NotFromHereException) {
            return new OpenAiError(403, new OpenAiError.Detail(failure.getMessage(), INVALID, null, "api_key_not_set"));
        }
        if (failure instanceof NotKeptException) {
            return new OpenAiError(404, new OpenAiError.Detail(failure.getMessage(), INVALID, null, code(404)));
        }
        OpenAiError error = OpenAiError.of(failure);
        if (error.status() >= 500 && !(failure instanceof EngineUnavailableException)) {
            LOG.error("A request failed", failure);
        }
        return error;
    }
}
