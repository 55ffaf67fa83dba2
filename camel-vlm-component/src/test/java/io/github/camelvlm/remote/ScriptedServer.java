package io.github.camelvlm.remote;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A server that behaves as badly as a test wants: the first request for an answer meets the first of its scripts, the
 * second the second, and all that follow the last.
 */
final class ScriptedServer implements AutoCloseable {

    /** What becomes of a request. */
    interface Script {
        void play(HttpExchange exchange) throws IOException, InterruptedException;
    }

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final CountDownLatch clientLeft = new CountDownLatch(1);
    private volatile Script tokens = json(404, "");
    private volatile Script models = json(
            200,
            "{\"object\":\"list\",\"data\":[{\"id\":\"m\",\"object\":\"model\","
                    + "\"created\":1,\"owned_by\":\"x\",\"max_model_len\":4096}]}");

    ScriptedServer(Script... scripts) throws IOException {
        this(0, scripts);
    }

    ScriptedServer(int port, Script... scripts) throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.setExecutor(threads);
        AtomicInteger turn = new AtomicInteger();
        server.createContext("/v1/chat/completions", exchange -> {
            requests.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            play(scripts[Math.min(scripts.length - 1, turn.getAndIncrement())], exchange);
        });
        server.createContext("/tokenize", exchange -> {
            requests.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            play(tokens, exchange);
        });
        server.createContext("/v1/models", exchange -> play(models, exchange));
        server.start();
    }

    private void play(Script script, HttpExchange exchange) throws IOException {
        try (exchange) {
            script.play(exchange);
        } catch (IOException e) {
            clientLeft.countDown();
            throw e;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** From now on it answers so when it is probed. */
    void answerProbes(Script script) {
        models = script;
    }

    /** From now on it answers so when it is asked for tokens. */
    void answerTokenizing(Script script) {
        tokens = script;
    }

    int port() {
        return server.getAddress().getPort();
    }

    URI url() {
        return URI.create("http://localhost:" + port() + "/v1");
    }

    /** The bodies of the requests for answers and tokens so far. */
    List<String> requests() {
        return requests;
    }

    /** Waits until a client has left while it was being written to. */
    boolean awaitClientLeft() throws InterruptedException {
        return clientLeft.await(10, TimeUnit.SECONDS);
    }

    static Script json(int status, String body, String... headers) {
        return exchange -> {
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            for (int i = 0; i < headers.length; i += 2) {
                exchange.getResponseHeaders().set(headers[i], headers[i + 1]);
            }
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
        };
    }

    static Script error(int status, String message, String... headers) {
        return json(status, "{\"error\":{\"message\":\"" + message + "\",\"type\":\"t\"}}", headers);
    }

    /** A whole answer, a word per chunk. */
    static Script saying(String... words) {
        return exchange -> {
            OutputStream out = events(exchange);
            for (String word : words) {
                write(out, content(word));
            }
            write(out, end("stop"));
            write(out, "[DONE]");
            out.close();
        };
    }

    /** These events, and then the connection breaks. */
    static Script breakingOffAfter(String... events) {
        return exchange -> {
            OutputStream out = events(exchange);
            for (String event : events) {
                write(out, event);
            }
        };
    }

    /** These events, properly ended. */
    static Script events(String... events) {
        return exchange -> {
            OutputStream out = events(exchange);
            for (String event : events) {
                write(out, event);
            }
            out.close();
        };
    }

    /** Bytes without end, all of them the same. */
    static Script endless(char c) {
        return exchange -> {
            OutputStream out = events(exchange);
            byte[] bytes = new byte[8192];
            Arrays.fill(bytes, (byte) c);
            while (true) {
                out.write(bytes);
            }
        };
    }

    /** These events, and then one comment after another, without end. */
    static Script neverEndingAfter(String... events) {
        return exchange -> {
            OutputStream out = events(exchange);
            for (String event : events) {
                write(out, event);
            }
            CountDownLatch never = new CountDownLatch(1);
            while (!never.await(20, TimeUnit.MILLISECONDS)) {
                out.write(": still here\n\n".getBytes(StandardCharsets.UTF_8));
                out.flush();
            }
        };
    }

    /** Not even headers, until a latch is down. */
    static Script silence(CountDownLatch until) {
        return exchange -> until.await();
    }

    private static OutputStream events(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
        exchange.sendResponseHeaders(200, 0);
        return exchange.getResponseBody();
    }

    private static void write(OutputStream out, String event) throws IOException {
        out.write(("data: " + event + "\n\n").getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    static String content(String text) {
        return chunk("{\"content\":\"" + text + "\"}", "null");
    }

    static String role() {
        return chunk("{\"role\":\"assistant\",\"content\":\"\"}", "null");
    }

    static String end(String reason) {
        return chunk("{}", "\"" + reason + "\"");
    }

    static String chunk(String delta, String finishReason) {
        return "{\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,"
                + "\"delta\":" + delta + ",\"finish_reason\":" + finishReason + "}]}";
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
