package io.github.camelvlm.routes.page;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * A server of a cluster whose model answers in HTML with scripts, as one does that was shown such a picture. A question
 * that holds "slowly" has no end until it is given up.
 */
final class HostileModel implements AutoCloseable {
    static final String NAME = "<img src=x onerror=document.title='model'>";
    static final String ANSWER =
            "<script>document.title='script'</script><img src=x onerror=\"document.title='image'\"> & </p>";

    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final CountDownLatch givenUp = new CountDownLatch(1);

    HostileModel() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/v1/models", exchange -> {
            byte[] models = JSON.writeValueAsBytes(Map.of(
                    "object",
                    "list",
                    "data",
                    List.of(Map.of("id", NAME, "object", "model", "created", 1, "owned_by", "x"))));
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, models.length);
            exchange.getResponseBody().write(models);
            exchange.close();
        });
        server.createContext("/v1/chat/completions", this::answer);
        server.start();
    }

    private void answer(HttpExchange exchange) throws IOException {
        String request = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
        exchange.sendResponseHeaders(200, 0);
        try (exchange;
                OutputStream stream = exchange.getResponseBody()) {
            while (request.contains("slowly")) {
                send(stream, "word ", null);
                TimeUnit.MILLISECONDS.sleep(20);
            }
            send(stream, ANSWER, null);
            send(stream, "", "stop");
            stream.write("data: [DONE]\n\n".getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            givenUp.countDown();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void send(OutputStream stream, String words, String reason) throws IOException {
        Map<String, Object> choice = new HashMap<>(Map.of("index", 0, "delta", Map.of("content", words)));
        choice.put("finish_reason", reason);
        String chunk = JSON.writeValueAsString(Map.of(
                "id", "1", "object", "chat.completion.chunk", "created", 1, "model", NAME, "choices", List.of(choice)));
        stream.write(("data: " + chunk + "\n\n").getBytes(StandardCharsets.UTF_8));
        stream.flush();
    }

    String url() {
        return "http://localhost:" + server.getAddress().getPort() + "/v1";
    }

    /** Whether an answer was given up, within half a minute. */
    boolean isGivenUp() throws InterruptedException {
        return givenUp.await(30, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
