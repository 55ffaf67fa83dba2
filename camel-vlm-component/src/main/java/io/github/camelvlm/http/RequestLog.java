package io.github.camelvlm.http;

import io.github.camelvlm.chat.Echo;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes one line per request: what was asked, how it ended, and what it cost. Never a prompt, a picture or a key. What
 * only asks after the server's health is told at level debug.
 */
final class RequestLog implements Handler<RoutingContext> {
    private static final Logger LOG = LoggerFactory.getLogger(RequestLog.class);

    /** What nginx calls a request whose client has left. */
    private static final int CLIENT_LEFT = 499;

    // A route knows of a request only its response: this is how it finds the record.
    private static final Map<HttpServerResponse, RequestRecord> RECORDS = new ConcurrentHashMap<>();

    private final Metrics metrics;

    /** @param metrics counts what is logged */
    RequestLog(Metrics metrics) {
        this.metrics = metrics;
    }

    @Override
    public void handle(RoutingContext context) {
        HttpServerResponse response = context.response();
        RequestRecord record = new RequestRecord(Dialects.of(context));
        RECORDS.put(response, record);
        context.addEndHandler(end -> {
            RECORDS.remove(response);
            // A stream of HTTP/2 closes with its answer, and Vert.x tells of that before it tells that the answer has
            // ended.
            boolean answered =
                    (end.succeeded() || response.ended()) && !record.departure().isDone();
            int status = answered ? response.getStatusCode() : CLIENT_LEFT;
            String reason = reason(record, status);
            metrics.ended(status, reason, record);
            write(context, record, answered, reason);
            // Last: what it sets off gives reasons of its own.
            if (!answered) {
                record.departure().complete(null);
            }
        });
        context.next();
    }

    private static void write(RoutingContext context, RequestRecord record, boolean answered, String reason) {
        String path = Echo.of(context.normalizedPath());
        String line = context.request().method() + " " + path + " "
                + (answered ? String.valueOf(context.response().getStatusCode()) : "-") + " "
                + reason + " " + record.millis()
                + " ms " + record.details() + "id=" + RequestId.of(context.response());
        if (isRoutine(path, reason)) {
            LOG.debug(line);
        } else {
            LOG.info(line);
        }
    }

    /** What monitoring asks, or a page that shows the folder at work; not the tries of strangers. */
    private static boolean isRoutine(String path, String reason) {
        return path.startsWith("/health")
                || path.equals("/metrics")
                || path.startsWith("/v1/folder") && reason.equals("ok");
    }

    private static String reason(RequestRecord record, int status) {
        if (record.reason() != null) {
            return record.reason();
        }
        if (status == CLIENT_LEFT) {
            return "client_left";
        }
        // Such as a check of the health while the model loads.
        return status < 400 ? "ok" : "error";
    }

    /** The record of a request; one without a reader if it has ended, or never passed here. */
    static RequestRecord of(HttpServerResponse response) {
        RequestRecord record = RECORDS.get(response);
        return record != null ? record : new RequestRecord(null);
    }

    /** Notes why a request ended. */
    static void reason(HttpServerResponse response, String reason) {
        of(response).reason(reason);
    }
}
