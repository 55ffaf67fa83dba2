package io.github.camelvlm.http;

import io.github.camelvlm.dialect.AnswerStream;
import io.github.camelvlm.openai.ChatCompletionChunk;
import io.github.camelvlm.openai.OpenAiError;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import java.util.Iterator;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/**
 * Sends an answer in pieces, mostly as server-sent events. While nothing is said, a comment keeps the proxies on the way
 * from closing the connection.
 *
 * <p>The thread that writes waits for a slow reader, and for no longer than a limit.
 *
 * @see <a href="https://html.spec.whatwg.org/multipage/server-sent-events.html">the format</a>
 */
final class ServerSentEvents {
    private final Vertx vertx;
    private final Duration keepAlive;
    private final Duration patience;

    /**
     * @param vertx runs the timers
     * @param keepAlive the silence after which a comment is sent
     * @param patience how long a reader may take nothing before its connection is closed
     */
    ServerSentEvents(Vertx vertx, Duration keepAlive, Duration patience) {
        this.vertx = vertx;
        this.keepAlive = keepAlive;
        this.patience = patience;
    }

    /**
     * Sends pieces as they come, to the end of the answer or until the client leaves. An error before the first byte is
     * thrown, one after it becomes an event. A thread that is interrupted while it waits for a slow reader gives that up,
     * and still is interrupted then.
     *
     * @param pieces waits for each piece
     * @param writer writes them as the client reads them
     * @param errors tells a failure as the client reads it
     * @param beforeEnd run when all pieces are known, before the client has the last one
     */
    void send(
            Client client,
            Iterator<ChatCompletionChunk> pieces,
            AnswerStream writer,
            Function<Throwable, OpenAiError> errors,
            Runnable beforeEnd) {
        Stream stream = new Stream(client, writer);
        long timer = vertx.setPeriodic(keepAlive.toMillis(), tick -> stream.keepAlive());
        try {
            while (!client.hasLeft() && pieces.hasNext()) {
                stream.write(writer.piece(pieces.next()));
            }
            beforeEnd.run();
            stream.end(writer.end());
        } catch (RuntimeException | Error e) {
            if (!client.response().headWritten()) {
                throw e;
            }
            OpenAiError error = errors.apply(e);
            client.record().reason(error.error().type());
            stream.end(writer.failure(error));
        } finally {
            vertx.cancelTimer(timer);
        }
    }

    private final class Stream {
        private final Client client;
        private final HttpServerResponse response;
        private final String keepAlive;
        private final AtomicLong lastWrite = new AtomicLong(System.nanoTime());

        Stream(Client client, AnswerStream writer) {
            this.client = client;
            response = client.response();
            keepAlive = writer.keepAlive();
            response.setStatusCode(200)
                    .setChunked(true)
                    .putHeader("Content-Type", writer.contentType())
                    .putHeader("Cache-Control", "no-cache")
                    // nginx would collect the events otherwise.
                    .putHeader("X-Accel-Buffering", "no");
        }

        void write(String event) {
            awaitReader();
            if (!client.hasLeft() && !event.isEmpty()) {
                lastWrite.set(System.nanoTime());
                response.write(Buffer.buffer(event));
            }
        }

        /** Also for a client that has left: to the server, the response would be open otherwise. */
        void end(String event) {
            if (response.ended()) {
                return;
            }
            // HTTP/1.0 has no chunks: only the end of the connection tells that of the answer.
            boolean isEndTold = response.isChunked();
            response.end(Buffer.buffer(client.hasLeft() ? "" : event)).onComplete(sent -> {
                if (!isEndTold) {
                    client.connection().close();
                }
            });
        }

        void keepAlive() {
            boolean silent = System.nanoTime() - lastWrite.get() >= ServerSentEvents.this.keepAlive.toNanos() / 2;
            if (keepAlive != null && silent && !client.hasLeft() && !response.ended() && !response.writeQueueFull()) {
                lastWrite.set(System.nanoTime());
                response.write(keepAlive);
            }
        }

        private void awaitReader() {
            if (!response.writeQueueFull()) {
                return;
            }
            CompletableFuture<Void> drained = new CompletableFuture<>();
            response.drainHandler(drained::complete);
            // It may have drained before the handler was set.
            if (!response.writeQueueFull()) {
                return;
            }
            try {
                CompletableFuture.anyOf(drained, client.departure()).get(patience.toMillis(), TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                client.leave("slow_reader");
            } catch (InterruptedException e) {
                client.leave("interrupted");
                Thread.currentThread().interrupt();
            } catch (ExecutionException e) {
                throw new CompletionException(e.getCause());
            }
        }
    }
}
