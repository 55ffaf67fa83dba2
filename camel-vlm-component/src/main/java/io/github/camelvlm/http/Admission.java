package io.github.camelvlm.http;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.impl.RoutingContextInternal;

/**
 * Bounds the requests in hand and the memory of their bodies, before these are read: each request holds a thread of the
 * server's pool while it is answered, and those that only ask after the server's health must find one free.
 */
final class Admission implements Handler<RoutingContext> {
    /** A picture in base64 is in memory as the body, as text of it and as the picture's file, and half is for the rest. */
    private static final int COPIES = 8;

    private final int limit;
    private final long maxBody;
    private final long uploadMillis;
    private final long maxBytes = Runtime.getRuntime().maxMemory() / COPIES;
    private int requests;
    private long bytes;

    /**
     * @param limit the most requests with a body at once
     * @param maxBody the most bytes of a body
     * @param uploadMillis the time within which a body must have come
     */
    Admission(int limit, long maxBody, long uploadMillis) {
        this.limit = limit;
        this.maxBody = maxBody;
        this.uploadMillis = uploadMillis;
    }

    @Override
    public void handle(RoutingContext context) {
        if (context.request().method() != HttpMethod.POST) {
            dropBody(context);
            context.next();
            return;
        }
        long size = size(context);
        if (!enter(size)) {
            OpenAiErrors.send(
                    context,
                    429,
                    "The server has as many requests in hand as it takes: try again later",
                    "rate_limit_exceeded",
                    "rate_limit_exceeded");
            return;
        }
        long timer = context.vertx().setTimer(uploadMillis, late -> {
            if (!context.request().isEnded()) {
                context.fail(408);
            }
        });
        context.addEndHandler(end -> {
            context.vertx().cancelTimer(timer);
            leave(size);
        });
        context.next();
    }

    /** Nobody reads the body of a GET: the handler that would keep it in memory, uncounted, takes it for read. */
    private static void dropBody(RoutingContext context) {
        context.request().handler(rest -> {});
        ((RoutingContextInternal) context).visitHandler(RoutingContextInternal.BODY_HANDLER);
    }

    /** The bytes of a body; the most there can be if the client does not say. */
    private long size(RoutingContext context) {
        String length = context.request().getHeader(HttpHeaders.CONTENT_LENGTH);
        try {
            return length == null ? maxBody : Math.min(maxBody, Long.parseLong(length));
        } catch (NumberFormatException e) {
            return maxBody;
        }
    }

    private synchronized boolean enter(long size) {
        // One alone is always let in: on a small heap it would never be otherwise.
        if (requests >= limit || requests > 0 && bytes + size > maxBytes) {
            return false;
        }
        requests++;
        bytes += size;
        return true;
    }

    private synchronized void leave(long size) {
        requests--;
        bytes -= size;
    }

    /** The requests in hand. */
    synchronized int inHand() {
        return requests;
    }
}
