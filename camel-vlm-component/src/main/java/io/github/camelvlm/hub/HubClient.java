package io.github.camelvlm.hub;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.ProxySelector;
import java.net.URI;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.impl.routing.SystemDefaultRoutePlanner;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.message.BasicHeader;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.Timeout;

/**
 * Asks a hub, one attempt a call. Redirects are followed, as the bytes of large files lie elsewhere; the key goes to the
 * hub's own endpoint only. The JVM's proxy settings are heeded.
 */
final class HubClient implements AutoCloseable {
    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);
    private static final int MAX_REDIRECTS = 10;
    private static final int MAX_LISTING = 16_000_000;
    private static final int CONNECTIONS = 16;
    private static final Timeout CONNECT = Timeout.ofSeconds(10);
    private static final Timeout SILENCE = Timeout.ofSeconds(30);

    /** Takes what a request is answered. */
    interface Reader<T> {
        T read(HubResponse response) throws IOException;
    }

    private final Hub hub;
    private final ModelId id;
    private final Cancellation cancellation;
    private final CloseableHttpClient client;

    HubClient(Hub hub, ModelId id, Cancellation cancellation) {
        this.hub = hub;
        this.id = id;
        this.cancellation = cancellation;
        client = client();
    }

    private static CloseableHttpClient client() {
        return HttpClientBuilder.create()
                .setConnectionManager(PoolingHttpClientConnectionManagerBuilder.create()
                        .setMaxConnTotal(CONNECTIONS)
                        .setMaxConnPerRoute(CONNECTIONS)
                        .setDefaultConnectionConfig(ConnectionConfig.custom()
                                .setConnectTimeout(CONNECT)
                                .setSocketTimeout(SILENCE)
                                .build())
                        .build())
                .setDefaultRequestConfig(RequestConfig.custom()
                        .setConnectionRequestTimeout(SILENCE)
                        .setResponseTimeout(SILENCE)
                        .setAuthenticationEnabled(false)
                        .build())
                .setRoutePlanner(new SystemDefaultRoutePlanner(ProxySelector.getDefault()))
                .setUserAgent("camel-vlm")
                .setDefaultHeaders(List.of(new BasicHeader(HttpHeaders.ACCEPT_ENCODING, "identity")))
                .disableRedirectHandling()
                .disableAutomaticRetries()
                .disableContentCompression()
                .disableCookieManagement()
                .disableAuthCaching()
                .build();
    }

    /**
     * The listing of the model.
     *
     * @throws ModelDownloadException if the hub refuses it, or answers something else
     * @throws IOException if another attempt may have more luck
     */
    RemoteModel listing() throws IOException {
        byte[] bytes = get(hub.listing(id), 0, response -> {
            InputStream in = response.body();
            byte[] body = in.readNBytes(MAX_LISTING);
            if (in.read() >= 0) {
                throw hub.failure(id, "its list of files does not end. Check the address of the hub", null);
            }
            return body;
        });
        JsonNode json;
        try {
            json = new ObjectMapper().readTree(bytes);
        } catch (JsonProcessingException e) {
            throw hub.failure(id, "it answers no JSON. Check the address of the hub, and proxies on the way", e);
        }
        return hub.read(id, json);
    }

    /**
     * Gets something.
     *
     * @param offset the byte to begin at
     * @throws ModelDownloadException if the hub refuses it
     * @throws IOException if another attempt may have more luck
     */
    <T> T get(URI uri, long offset, Reader<T> reader) throws IOException {
        URI at = uri;
        for (int redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
            HttpGet get = request(at, offset);
            cancellation.begin(get);
            try {
                ClassicHttpResponse response = client.executeOpen(HttpHost.create(at), get, null);
                if (!REDIRECTS.contains(response.getCode())) {
                    return reader.read(answer(at, response));
                }
                at = next(at, response);
            } finally {
                cancellation.end(get);
                // Closing the response instead would first read it to its end, which may never come.
                get.cancel();
            }
        }
        throw hub.failure(id, "it redirects without end. Check the address of the hub", null);
    }

    private HttpGet request(URI uri, long offset) {
        HttpGet get = new HttpGet(uri);
        if (offset > 0) {
            get.setHeader(HttpHeaders.RANGE, "bytes=" + offset + "-");
        }
        if (isEndpoint(uri)) {
            hub.accessKey().ifPresent(key -> get.setHeader(HttpHeaders.AUTHORIZATION, "Bearer " + key));
        }
        return get;
    }

    private boolean isEndpoint(URI uri) {
        URI endpoint = hub.endpoint();
        return uri.getScheme().equalsIgnoreCase(endpoint.getScheme())
                && uri.getHost().equalsIgnoreCase(endpoint.getHost())
                && uri.getPort() == endpoint.getPort();
    }

    private URI next(URI from, ClassicHttpResponse response) {
        String location = value(response, HttpHeaders.LOCATION).orElse("");
        URI to;
        try {
            to = from.resolve(location);
        } catch (IllegalArgumentException e) {
            throw hub.failure(id, "it redirects to what is no URL. Check the address of the hub", e);
        }
        boolean isHttps = "https".equalsIgnoreCase(to.getScheme());
        boolean isHttp = "http".equalsIgnoreCase(to.getScheme()) && "http".equalsIgnoreCase(from.getScheme());
        if (location.isEmpty() || to.getHost() == null || !isHttps && !isHttp) {
            throw hub.failure(
                    id,
                    "it redirects to what is neither https nor as http as itself. Check the address of the hub",
                    null);
        }
        return to;
    }

    private HubResponse answer(URI uri, ClassicHttpResponse response) throws IOException {
        int status = response.getCode();
        HttpEntity entity = response.getEntity();
        switch (status) {
            case HubResponse.OK, HubResponse.PARTIAL, HubResponse.RANGE_NOT_SATISFIABLE -> {
                return new HubResponse(
                        status,
                        entity == null ? 0 : entity.getContentLength(),
                        value(response, HttpHeaders.CONTENT_RANGE).orElse(""),
                        entity == null ? InputStream.nullInputStream() : entity.getContent());
            }
            default -> {
                boolean isBusy = status == 408 || status == 425 || status == 429 || status >= 500;
                // An address elsewhere that is refused was signed for a time that is over.
                if (isBusy || !isEndpoint(uri)) {
                    throw new BrokenTransferException(
                            uri.getHost() + " answers " + status, retryAfter(response, Instant.now()));
                }
                throw HubRefusal.of(
                        hub, id, status, value(response, "X-Error-Code").orElse(""));
            }
        }
    }

    /** Seconds or a date (RFC 9110, section 10.2.3); zero if it is neither. */
    private static Duration retryAfter(ClassicHttpResponse response, Instant now) {
        String value = value(response, HttpHeaders.RETRY_AFTER).orElse("");
        if (value.matches("\\d{1,9}")) {
            return Duration.ofSeconds(Long.parseLong(value));
        }
        try {
            Duration time = Duration.between(
                    now,
                    ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME)
                            .toInstant());
            return time.isNegative() ? Duration.ZERO : time;
        } catch (DateTimeException e) {
            return Duration.ZERO;
        }
    }

    private static Optional<String> value(ClassicHttpResponse response, String name) {
        return Optional.ofNullable(response.getFirstHeader(name))
                .map(Header::getValue)
                .map(String::strip);
    }

    @Override
    public void close() {
        client.close(CloseMode.IMMEDIATE);
    }
}
