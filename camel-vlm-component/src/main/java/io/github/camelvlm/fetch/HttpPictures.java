package io.github.camelvlm.fetch;

import java.net.Proxy;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.io.DefaultHttpClientConnectionOperator;
import org.apache.hc.client5.http.impl.io.ManagedHttpClientConnectionFactory;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager;
import org.apache.hc.client5.http.impl.routing.DefaultRoutePlanner;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.client5.http.ssl.TlsSocketStrategy;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.URIScheme;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.config.RegistryBuilder;
import org.apache.hc.core5.http.message.BasicHeader;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.pool.PoolConcurrencyPolicy;
import org.apache.hc.core5.pool.PoolReusePolicy;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;

/**
 * Fetches pictures over HTTP, each within its time. The work is done on threads of its own, so that the caller can leave
 * on time whatever it is that takes long: a name look-up, the connection, a body that drips.
 */
final class HttpPictures implements AutoCloseable {
    private static final int CONNECTIONS = 32;
    private static final int CONNECTIONS_PER_HOST = 8;
    private static final int FETCHES = 256;
    private static final int HEADERS = 100;
    private static final int HEADER_CHARACTERS = 16 * 1024;

    private final PicturePolicy policy;
    private final CloseableHttpClient client;
    private final ExecutorService workers;

    /**
     * @param policy the limits, and the hosts that may be asked
     * @param lookup how host names become addresses
     * @param rule which addresses may be connected to
     */
    HttpPictures(PicturePolicy policy, HostLookup lookup, AddressRule rule) {
        this.policy = policy;
        client = client(policy, new CheckedDnsResolver(lookup, rule));
        workers = new ThreadPoolExecutor(0, FETCHES, 10, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> {
            Thread thread = new Thread(task, "vlm-picture-fetch");
            thread.setDaemon(true);
            return thread;
        });
    }

    /**
     * Fetches a picture.
     *
     * @param cancellation breaks it off when it completes
     * @throws PictureSourceException if it may not be fetched or cannot be, or is cancelled
     */
    byte[] fetch(MediaKind kind, HttpUrl url, CompletionStage<?> cancellation) {
        HttpDownload download = new HttpDownload(client, policy, kind, url);
        FutureTask<byte[]> result = new FutureTask<>(download);
        // First, so that nothing is asked for a client that has left. The caller is woken, and then closes the
        // connection
        // itself: the thread that cancels must not have to wait for that.
        cancellation.whenComplete((done, failure) -> result.cancel(true));
        try {
            workers.execute(result);
        } catch (RejectedExecutionException e) {
            String problem = workers.isShutdown()
                    ? "the fetcher is closed; start its Camel context again"
                    : FETCHES + " others are being fetched; try again later";
            throw PictureSourceException.unfetchable(url.toString(), problem, e);
        }
        try {
            return result.get(policy.fetchTimeout().toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw PictureSourceException.unfetchable(
                    url.toString(),
                    "it takes longer than the " + seconds(policy.fetchTimeout())
                            + " s allowed; send the picture itself, or raise fetchTimeout",
                    e);
        } catch (CancellationException e) {
            throw PictureSourceException.unfetchable(url.toString(), "its request was cancelled", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw PictureSourceException.unfetchable(url.toString(), "its thread was interrupted", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof PictureSourceException refusal) {
                throw refusal;
            }
            throw PictureSourceException.unfetchable(
                    url.toString(), "an unexpected error came up; see its cause", e.getCause());
        } finally {
            download.abandon();
            result.cancel(true);
        }
    }

    private static String seconds(Duration time) {
        return String.valueOf(time.toMillis() / 1000.0).replaceFirst("\\.0$", "");
    }

    /** Breaks off what is running. */
    @Override
    public void close() {
        try {
            client.close(CloseMode.IMMEDIATE);
        } finally {
            workers.shutdownNow();
        }
    }

    /** A client that does one plain exchange per request: nothing kept, nothing followed, nothing repeated. */
    private static CloseableHttpClient client(PicturePolicy policy, CheckedDnsResolver resolver) {
        return HttpClientBuilder.create()
                .setConnectionManager(connections(policy, resolver))
                .setDefaultRequestConfig(RequestConfig.custom()
                        .setConnectionRequestTimeout(timeout(policy.fetchTimeout()))
                        .setResponseTimeout(timeout(policy.fetchTimeout()))
                        .setAuthenticationEnabled(false)
                        .build())
                .setUserAgent("camel-vlm")
                .setDefaultHeaders(List.of(
                        new BasicHeader(HttpHeaders.ACCEPT_ENCODING, "identity"),
                        new BasicHeader(HttpHeaders.CONNECTION, "close")))
                // Explicit, as the default may look for a proxy in the JVM's properties.
                .setRoutePlanner(new DefaultRoutePlanner(null))
                // A connection that was kept would skip the check of its host's addresses.
                .setConnectionReuseStrategy((request, response, context) -> false)
                .disableRedirectHandling()
                .disableAutomaticRetries()
                .disableContentCompression()
                .disableCookieManagement()
                .disableAuthCaching()
                .build();
    }

    private static PoolingHttpClientConnectionManager connections(PicturePolicy policy, CheckedDnsResolver resolver) {
        DefaultHttpClientConnectionOperator operator = new DefaultHttpClientConnectionOperator(
                // A plain socket would heed the JVM's SOCKS proxy.
                proxy -> new Socket(Proxy.NO_PROXY),
                null,
                resolver,
                RegistryBuilder.<TlsSocketStrategy>create()
                        .register(URIScheme.HTTPS.id, DefaultClientTlsStrategy.createDefault())
                        .build());
        PoolingHttpClientConnectionManager connections = new PoolingHttpClientConnectionManager(
                operator,
                PoolConcurrencyPolicy.STRICT,
                PoolReusePolicy.LIFO,
                TimeValue.NEG_ONE_MILLISECOND,
                ManagedHttpClientConnectionFactory.builder()
                        .http1Config(Http1Config.custom()
                                .setMaxHeaderCount(HEADERS)
                                .setMaxLineLength(HEADER_CHARACTERS)
                                .build())
                        .build());
        connections.setMaxTotal(CONNECTIONS);
        connections.setDefaultMaxPerRoute(CONNECTIONS_PER_HOST);
        connections.setDefaultConnectionConfig(ConnectionConfig.custom()
                .setConnectTimeout(timeout(policy.connectTimeout()))
                .setSocketTimeout(timeout(policy.fetchTimeout()))
                .build());
        return connections;
    }

    private static Timeout timeout(Duration time) {
        return Timeout.of(time);
    }
}
