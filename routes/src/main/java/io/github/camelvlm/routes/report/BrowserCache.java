package io.github.camelvlm.routes.report;

import org.apache.camel.Exchange;
import org.apache.camel.component.platform.http.vertx.HttpMessage;

/** Says what browsers may keep of an answer. Camel takes the header for one of the connection, and does not send it. */
public final class BrowserCache {
    private BrowserCache() {}

    /**
     * Sets {@code Cache-Control}.
     *
     * @param exchange of platform-http, whose headers do not matter; others are left alone
     * @param directive such as {@code no-store}
     */
    public static void set(Exchange exchange, String directive) {
        if (exchange.getMessage() instanceof HttpMessage message) {
            message.getResponse().putHeader("Cache-Control", directive);
        }
    }
}
