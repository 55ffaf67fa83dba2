package io.github.camelvlm.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelvlm.openai.ChatCompletionChunk;
import io.github.camelvlm.openai.OpenAiError;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ServerSentEventsTest {
    private static final String MUCH = "x".repeat(100_000);

    private final Vertx vertx = Vertx.vertx();
    private final ServerSentEvents events = new ServerSentEvents(vertx, Duration.ofHours(1), Duration.ofHours(1));
    private final CompletableFuture<Client> asking = new CompletableFuture<>();
    private Socket socket;
    private Client client;

    @BeforeEach
    void ask() throws Exception {
        HttpServer server = vertx.createHttpServer()
                .requestHandler(this::meet)
                .listen(0, "localhost")
                .toCompletionStage()
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
        socket = new Socket(InetAddress.getByName("localhost"), server.actualPort());
        socket.getOutputStream().write("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        client = asking.get(10, TimeUnit.SECONDS);
    }

    private void meet(HttpServerRequest request) {
        asking.complete(new Client(request.connection(), request.response(), new RequestRecord(null)));
    }

    @AfterEach
    void close() throws Exception {
        socket.close();
        vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    private static ChatCompletionChunk chunk(String id) {
        return new ChatCompletionChunk(id, ChatCompletionChunk.OBJECT, 0, "shapes", null, List.of(), null);
    }

    private static OpenAiError inOtherWords(Throwable failure) {
        return OpenAiErrors.of(failure).worded(sentence -> sentence + ", in other words");
    }

    private String readToTheEnd() throws IOException {
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    @Test
    void givesUpASlowReaderWhenItsThreadIsInterrupted() throws Exception {
        CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
        Thread writer = new Thread(() -> {
            events.send(
                    client,
                    Stream.generate(() -> chunk(MUCH)).iterator(),
                    new OpenAiStream(),
                    ServerSentEventsTest::inOtherWords,
                    () -> {});
            interrupted.complete(Thread.currentThread().isInterrupted());
        });
        writer.start();
        while (writer.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }

        writer.interrupt();

        assertThat(interrupted.get(10, TimeUnit.SECONDS)).isTrue();
        assertThat(client.record().reason()).isEqualTo("interrupted");
        assertThat(readToTheEnd()).doesNotContain("[DONE]");
    }

    @Test
    void tellsOfAnErrorInTheMiddle() throws Exception {
        Iterator<ChatCompletionChunk> pieces = Stream.of("one", "two")
                .map(id -> {
                    if (id.equals("two")) {
                        throw new OutOfMemoryError("while it is made");
                    }
                    return chunk(id);
                })
                .iterator();

        events.send(client, pieces, new OpenAiStream(), ServerSentEventsTest::inOtherWords, () -> {});
        // Which the client asked to be kept open.
        client.connection().close();

        assertThat(readToTheEnd())
                .contains("data: {\"id\":\"one\",")
                .contains("event: error\ndata: {\"error\":")
                .contains("its log says why, in other words\"")
                .endsWith("0\r\n\r\n");
    }
}
