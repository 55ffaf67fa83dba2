package io.github.camelvlm.remote;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.openai.core.RequestOptions;
import com.openai.core.http.Headers;
import com.openai.core.http.HttpClient;
import com.openai.core.http.HttpRequest;
import com.openai.core.http.HttpResponse;
import com.openai.errors.OpenAIIoException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * One request to a server. Any thread may break it off, before and after the answer begins, and the connection is closed
 * at once; no more than a limit is read. OpenAI's client sends its requests through it.
 */
final class Exchange implements HttpClient {
    /** Those that the JDK's client writes itself, and does not let others write. */
    private static final Set<String> OF_THE_CONNECTION =
            Set.of("connection", "content-length", "expect", "host", "upgrade");

    private static final int MOST_ERROR_BYTES = 65_536;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final java.net.http.HttpClient http;
    private final String apiKey;
    private final SentPictures pictures;
    private final long maxBytes;
    private final long begunAt = System.nanoTime();
    private CompletableFuture<java.net.http.HttpResponse<InputStream>> pending;
    private BoundedBody body;
    private boolean brokenOff;

    /**
     * @param apiKey goes with the request; null for none
     * @param pictures those that are sent where their marks are in the JSON
     * @param maxBytes the most bytes of the answer
     */
    Exchange(java.net.http.HttpClient http, String apiKey, SentPictures pictures, long maxBytes) {
        this.http = http;
        this.apiKey = apiKey;
        this.pictures = pictures;
        this.maxBytes = maxBytes;
    }

    /** @throws Refusal if the status tells of an error; OpenAI's client would show its body only in part */
    @Override
    public HttpResponse execute(HttpRequest request, RequestOptions options) {
        java.net.http.HttpRequest.Builder builder = java.net.http.HttpRequest.newBuilder(URI.create(request.url()))
                .method(request.method().name(), body(request));
        Headers headers = request.headers();
        headers.names().stream()
                .filter(name -> !OF_THE_CONNECTION.contains(name.toLowerCase(Locale.ROOT)))
                .filter(name -> apiKey != null || !name.equalsIgnoreCase("authorization"))
                .forEach(name -> headers.values(name).forEach(value -> builder.header(name, value)));
        if (request.body() != null && request.body().contentType() != null) {
            builder.setHeader("Content-Type", request.body().contentType());
        }
        try {
            java.net.http.HttpResponse<InputStream> response = send(builder.build());
            requireSuccess(response);
            return new Response(response, this);
        } catch (IOException e) {
            throw new OpenAIIoException("no answer came", e);
        }
    }

    private void requireSuccess(java.net.http.HttpResponse<InputStream> response) throws IOException {
        if (response.statusCode() / 100 == 2) {
            return;
        }
        try {
            throw new Refusal(
                    response.statusCode(),
                    response.headers().firstValue("Retry-After").orElse(null),
                    json(body().readNBytes(MOST_ERROR_BYTES)));
        } finally {
            breakOff();
        }
    }

    private static JsonNode json(byte[] body) throws IOException {
        try {
            return JSON.readTree(body);
        } catch (JsonProcessingException e) {
            return MissingNode.getInstance();
        }
    }

    private BodyPublisher body(HttpRequest request) {
        if (request.body() == null) {
            return BodyPublishers.noBody();
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        request.body().writeTo(bytes);
        return pictures.in(bytes.toByteArray());
    }

    /**
     * Sends JSON to where OpenAI's client knows no way.
     *
     * @return the JSON that comes back; a missing node if it is none
     * @throws Refusal if the status tells of an error
     * @throws IOException if no answer comes, or the exchange is broken off
     */
    JsonNode post(URI url, byte[] json) throws IOException {
        java.net.http.HttpRequest.Builder builder = java.net.http.HttpRequest.newBuilder(url)
                .header("Content-Type", "application/json")
                .POST(pictures.in(json));
        if (apiKey != null) {
            builder.header("Authorization", "Bearer " + apiKey);
        }
        java.net.http.HttpResponse<InputStream> response = send(builder.build());
        requireSuccess(response);
        return json(body().readAllBytes());
    }

    private java.net.http.HttpResponse<InputStream> send(java.net.http.HttpRequest request) throws IOException {
        CompletableFuture<java.net.http.HttpResponse<InputStream>> asked;
        synchronized (this) {
            requireNotBrokenOff();
            asked = http.sendAsync(request, BodyHandlers.ofInputStream());
            pending = asked;
        }
        try {
            java.net.http.HttpResponse<InputStream> response = asked.get();
            synchronized (this) {
                body = new BoundedBody(response.body(), maxBytes);
            }
            return response;
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
        } catch (CancellationException e) {
            throw new IOException("broken off", e);
        } catch (InterruptedException e) {
            breakOff();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private void requireNotBrokenOff() throws IOException {
        if (brokenOff) {
            throw new IOException("broken off");
        }
    }

    /** What the server sends, once it has begun to. */
    synchronized BoundedBody body() throws IOException {
        if (brokenOff) {
            body.close();
        }
        return body;
    }

    /** How long nothing has come, in nanoseconds. */
    synchronized long silence() {
        return System.nanoTime() - (body == null ? begunAt : body.heardAt());
    }

    /** Closes the connection. Whoever reads from it is told by an {@link IOException}. */
    void breakOff() {
        InputStream open;
        synchronized (this) {
            brokenOff = true;
            if (pending != null) {
                pending.cancel(true);
            }
            open = body;
        }
        if (open != null) {
            try {
                open.close();
            } catch (IOException e) {
                // It is closed all the same.
            }
        }
    }

    @Override
    public CompletableFuture<HttpResponse> executeAsync(HttpRequest request, RequestOptions options) {
        throw new UnsupportedOperationException("one request has one thread");
    }

    /** Nothing: OpenAI's client does this when it is collected as garbage, and the answer may still be read then. */
    @Override
    public void close() {}

    private record Response(java.net.http.HttpResponse<InputStream> response, Exchange exchange)
            implements HttpResponse {
        @Override
        public int statusCode() {
            return response.statusCode();
        }

        @Override
        public Headers headers() {
            return Headers.builder().putAll(response.headers().map()).build();
        }

        @Override
        public InputStream body() {
            try {
                return exchange.body();
            } catch (IOException e) {
                throw new OpenAIIoException("no answer came", e);
            }
        }

        @Override
        public void close() {
            exchange.breakOff();
        }
    }
}
