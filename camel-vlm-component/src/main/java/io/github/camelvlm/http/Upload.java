package io.github.camelvlm.http;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.impl.RoutingContextInternal;
import java.io.IOException;
import java.time.Duration;
import java.util.function.Predicate;

/** The body of one request while it comes. What it takes of the memory is given back when the request ends. */
final class Upload {
    private static final Duration LOOK = Duration.ofMillis(500);

    private final RoutingContext context;
    private final HttpServerRequest request;
    private final ContentCoding coding;
    private final BodyMemory.Share memory;
    private final UploadLimits limits;
    private final Predicate<RoutingContext> place;
    private final long start = System.nanoTime();
    private Buffer body = Buffer.buffer();
    private boolean over;

    /**
     * @param coding of the body
     * @param memory counts its bytes
     * @param place gives the request its place among those that are answered, if there is one
     */
    Upload(
            RoutingContext context,
            ContentCoding coding,
            BodyMemory.Share memory,
            UploadLimits limits,
            Predicate<RoutingContext> place) {
        this.context = context;
        this.request = context.request();
        this.coding = coding;
        this.memory = memory;
        this.limits = limits;
        this.place = place;
    }

    /** Reads it, and goes on with the request once it is whole. */
    void read() {
        long millis = Math.min(LOOK.toMillis(), limits.patience().toMillis());
        long timer = context.vertx().setPeriodic(millis, tick -> lookAtTheRate());
        context.addEndHandler(end -> {
            context.vertx().cancelTimer(timer);
            over = true;
            body = null;
            memory.close();
        });
        // The client has left, or its chunks cannot be told from each other: Vert.x closes the connection.
        request.exceptionHandler(broken -> drop());
        request.handler(this::take);
        request.endHandler(end -> {
            context.vertx().cancelTimer(timer);
            if (!over) {
                over = true;
                finish();
            }
        });
        request.resume();
    }

    private void lookAtTheRate() {
        if (!over && limits.isTooSlow(body.length(), Duration.ofNanos(System.nanoTime() - start))) {
            drop();
            context.fail(408);
        }
    }

    private void take(Buffer piece) {
        if (over) {
            return;
        }
        if (body.length() + (long) piece.length() > limits.maxBody()) {
            drop();
            limits.refuseAsTooLarge(context);
        } else if (!memory.take(piece.length())) {
            drop();
            Admission.refuseAsBusy(context);
        } else {
            body.appendBuffer(piece);
        }
    }

    private void drop() {
        over = true;
        body = null;
    }

    private void finish() {
        if (!place.test(context)) {
            body = null;
            Admission.refuseAsBusy(context);
        } else if (coding == ContentCoding.IDENTITY) {
            goOn(body);
        } else {
            decode(body);
        }
    }

    private void decode(Buffer coded) {
        Decoding decoding = new Decoding();
        context.vertx()
                .executeBlocking(() -> coding.decode(coded, decoding::hasRoom), false)
                .onComplete(result -> {
                    memory.give(coded.length());
                    if (result.failed()) {
                        refuseCoding(result.cause());
                    } else if (result.result() != null) {
                        goOn(result.result());
                    } else if (decoding.tooLarge) {
                        limits.refuseAsTooLarge(context);
                    } else {
                        Admission.refuseAsBusy(context);
                    }
                });
    }

    private void refuseCoding(Throwable cause) {
        if (!(cause instanceof IOException)) {
            context.fail(cause);
            return;
        }
        OpenAiErrors.send(
                context,
                400,
                "The body is not in the coding that the header Content-Encoding names, "
                        + request.getHeader("Content-Encoding") + ", or is cut off",
                "invalid_request_error",
                null);
    }

    private void goOn(Buffer whole) {
        // As Vert.x's own handler of bodies does.
        RoutingContextInternal routing = (RoutingContextInternal) context;
        routing.visitHandler(RoutingContextInternal.BODY_HANDLER);
        routing.setBody(whole);
        body = null;
        context.next();
    }

    /** What is decoded so far. It is in memory beside what came. */
    private final class Decoding {
        private long size;
        private boolean tooLarge;

        private boolean hasRoom(int piece) {
            size += piece;
            tooLarge = size > limits.maxBody() || memory.neverHasRoom(piece);
            return !tooLarge && memory.take(piece);
        }
    }
}
