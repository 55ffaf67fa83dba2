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
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.HttpHost;

/**
 * One request to a server, on the thread that makes it. Any thread may break it off, before and after the answer begins,
 * and the connection is closed at once; no more than a limit is read. OpenAI's client sends its requests through it.
 */
final class Exchange implements HttpClient {
    /** Those that are written here. */
    private static final Set<String> OF_THE_CONNECTION =
            Set.of("connection", "content-length", "content-type", "expect", "host", "transfer-encoding", "upgrade");

    private static final int MOST_ERROR_BYTES = 65_536;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final CloseableHttpClient http;
    private final String apiKey;
    private final SentPictures pictures;
    private final long maxBytes;
    private final long begunAt = System.nanoTime();
    private HttpUriRequestBase running;
    private BoundedBody body;
    private boolean brokenOff;

    /**
     * @param apiKey goes with the request; null for none
     * @param pictures those that are sent where their marks are in the JSON
     * @param maxBytes the most bytes of the answer
     */
    Exchange(CloseableHttpClient http, String apiKey, SentPictures pictures, long maxBytes) {
        this.http = http;
        this.apiKey = apiKey;
        this.pictures = pictures;
        this.maxBytes = maxBytes;
    }

    /** @throws Refusal if the status tells of an error; OpenAI's client would show its body only in part */
    @Override
    public HttpResponse execute(HttpRequest request, RequestOptions options) {
        HttpUriRequestBase sent = new HttpUriRequestBase(request.method().name(), URI.create(request.url()));
        Headers headers = request.headers();
        headers.names().stream()
                .filter(name -> !OF_THE_CONNECTION.contains(name.toLowerCase(Locale.ROOT)))
                .filter(name -> apiKey != null || !name.equalsIgnoreCase(HttpHeaders.AUTHORIZATION))
                .forEach(name -> headers.values(name).forEach(value -> sent.addHeader(name, value)));
        if (request.body() != null) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            request.body().writeTo(bytes);
            sent.setEntity(pictures.in(bytes.toByteArray()));
        }
        try {
            ClassicHttpResponse response = send(sent);
            requireSuccess(response);
            return new Response(response, this);
        } catch (IOException e) {
            throw new OpenAIIoException("no answer came", e);
        }
    }

    private void requireSuccess(ClassicHttpResponse response) throws IOException {
        if (response.getCode() / 100 == 2) {
            return;
        }
        Header retryAfter = response.getFirstHeader(HttpHeaders.RETRY_AFTER);
        try {
            throw new Refusal(
                    response.getCode(),
                    retryAfter == null ? null : retryAfter.getValue(),
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

    /**
     * Sends JSON to where OpenAI's client knows no way.
     *
     * @return the JSON that comes back; a missing node if it is none
     * @throws Refusal if the status tells of an error
     * @throws IOException if no answer comes, or the exchange is broken off
     */
    JsonNode post(URI url, byte[] json) throws IOException {
        HttpUriRequestBase sent = new HttpUriRequestBase("POST", url);
        sent.setEntity(pictures.in(json));
        if (apiKey != null) {
            sent.addHeader(HttpHeaders.AUTHORIZATION, "Bearer " + apiKey);
        }
        requireSuccess(send(sent));
        return json(body().readAllBytes());
    }

    private ClassicHttpResponse send(HttpUriRequestBase request) throws IOException {
        synchronized (this) {
            requireNotBrokenOff();
            running = request;
        }
        ClassicHttpResponse response = http.executeOpen(HttpHost.create(uri(request)), request, null);
        HttpEntity entity = response.getEntity();
        InputStream content = entity == null ? InputStream.nullInputStream() : entity.getContent();
        synchronized (this) {
            body = new BoundedBody(content, maxBytes, request::cancel);
        }
        return response;
    }

    private static URI uri(HttpUriRequestBase request) throws IOException {
        try {
            return request.getUri();
        } catch (URISyntaxException e) {
            throw new IOException(e);
        }
    }

    private void requireNotBrokenOff() throws IOException {
        if (brokenOff) {
            throw new IOException("broken off");
        }
    }

    /** What the server sends, once it has begun to. */
    synchronized BoundedBody body() throws IOException {
        requireNotBrokenOff();
        return body;
    }

    /** How long nothing has come, in nanoseconds. */
    synchronized long silence() {
        return System.nanoTime() - (body == null ? begunAt : body.heardAt());
    }

    /** Closes the connection. A thread that reads from it is told by an {@link IOException}. */
    synchronized void breakOff() {
        brokenOff = true;
        if (running != null) {
            running.cancel();
        }
    }

    @Override
    public CompletableFuture<HttpResponse> executeAsync(HttpRequest request, RequestOptions options) {
        throw new UnsupportedOperationException("one request has one thread");
    }

    /** Nothing: OpenAI's client does this when it is collected as garbage, and the answer may still be read then. */
    @Override
    public void close() {}

    private record Response(ClassicHttpResponse response, Exchange exchange) implements HttpResponse {
        @Override
        public int statusCode() {
            return response.getCode();
        }

        @Override
        public Headers headers() {
            Headers.Builder headers = Headers.builder();
            for (Header header : response.getHeaders()) {
                headers.put(header.getName(), header.getValue());
            }
            return headers.build();
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
