package io.github.camelvlm.http;

import io.github.camelvlm.chat.Echo;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.util.OptionalLong;

/**
 * Bounds the requests in hand and the memory of their bodies: each request holds a thread of the server's pool while it
 * is answered, and those that only ask after the server's health must find one free. A request counts from the moment at
 * which its body is whole, and a body by the bytes that have come: a client holds nothing by what it only announces.
 */
final class Admission implements Handler<RoutingContext> {
    private final int limit;
    private final BodyMemory memory;
    private final UploadLimits uploads;
    private int requests;

    /**
     * @param limit the most requests with a body at once
     * @param memory counts the bytes of bodies
     * @param uploads what a body must keep to
     */
    Admission(int limit, BodyMemory memory, UploadLimits uploads) {
        this.limit = limit;
        this.memory = memory;
        this.uploads = uploads;
    }

    @Override
    public void handle(RoutingContext context) {
        HttpServerRequest request = context.request();
        if (request.method() != HttpMethod.POST) {
            // No route reads it.
            request.handler(rest -> {});
            context.next();
            return;
        }
        ContentCoding coding = ContentCoding.of(request.getHeader(HttpHeaders.CONTENT_ENCODING));
        OptionalLong length = announced(request);
        String client = ClientAddress.of(request.remoteAddress());
        if (coding == null) {
            OpenAiErrors.send(
                    context,
                    415,
                    "The header Content-Encoding is \"" + Echo.of(request.getHeader(HttpHeaders.CONTENT_ENCODING))
                            + "\": send the body as gzip or deflate, or as it is and without this header",
                    "invalid_request_error",
                    "unsupported_media_type");
        } else if (length.isPresent() && length.getAsLong() > uploads.maxBody()) {
            uploads.refuseAsTooLarge(context);
        } else if (isFull() || length.isPresent() && !memory.hasRoom(client, length.getAsLong())) {
            refuseAsBusy(context);
        } else {
            if (request.headers().contains(HttpHeaders.EXPECT, HttpHeaders.CONTINUE, true)) {
                context.response().writeContinue();
            }
            new Upload(context, coding, memory.share(client), uploads, this::enter).read();
        }
    }

    private static OptionalLong announced(HttpServerRequest request) {
        String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        try {
            return length == null ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(length));
        } catch (NumberFormatException e) {
            return OptionalLong.of(Long.MAX_VALUE);
        }
    }

    static void refuseAsBusy(RoutingContext context) {
        OpenAiErrors.send(
                context,
                429,
                "The server has as many requests in hand as it takes: try again later",
                "rate_limit_exceeded",
                "rate_limit_exceeded");
    }

    private synchronized boolean isFull() {
        return requests >= limit;
    }

    /** Gives a request its place, until it has its answer. */
    private boolean enter(RoutingContext context) {
        synchronized (this) {
            if (isFull()) {
                return false;
            }
            requests++;
        }
        context.addEndHandler(end -> leave());
        return true;
    }

    private synchronized void leave() {
        requests--;
    }

    /** The requests in hand. */
    synchronized int inHand() {
        return requests;
    }
}
