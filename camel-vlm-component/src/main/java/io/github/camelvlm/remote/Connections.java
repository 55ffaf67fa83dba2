package io.github.camelvlm.remote;

import java.net.ProxySelector;
import java.util.List;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.impl.routing.SystemDefaultRoutePlanner;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.message.BasicHeader;
import org.apache.hc.core5.util.Timeout;

/**
 * How servers are connected to: one exchange per request, on the thread that asks, so that whatever fails there ends that
 * request and no other. Over HTTP/1.1, since some servers take an offer of HTTP/2 for an error. The JVM's proxy settings
 * are heeded.
 */
final class Connections {
    private static final Timeout CONNECT_LIMIT = Timeout.ofSeconds(5);

    /** There are as many as there are answers in hand, which are bounded elsewhere. */
    private static final int MOST = Integer.MAX_VALUE;

    private Connections() {}

    /** A client without connections yet. */
    static CloseableHttpClient client() {
        return HttpClientBuilder.create()
                .setConnectionManager(PoolingHttpClientConnectionManagerBuilder.create()
                        .setMaxConnTotal(MOST)
                        .setMaxConnPerRoute(MOST)
                        .setDefaultConnectionConfig(ConnectionConfig.custom()
                                .setConnectTimeout(CONNECT_LIMIT)
                                .setSocketTimeout(Timeout.DISABLED)
                                .build())
                        .build())
                .setDefaultRequestConfig(RequestConfig.custom()
                        .setResponseTimeout(Timeout.DISABLED)
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
}
