package io.github.camelvlm.http;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.CorsHandler;
import java.net.URI;
import java.util.Locale;
import java.util.Set;

/** Lets web pages of other origins use the service, errors included, and keeps those out that are not named. */
final class Cors implements Handler<RoutingContext> {
    private final CorsHandler others = CorsHandler.create()
            .allowedMethods(Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.POST, HttpMethod.OPTIONS))
            .exposedHeaders(Set.of(RequestId.HEADER, "Retry-After"))
            .maxAgeSeconds(600);

    /**
     * Allows whatever headers a page asks for: clients send many of their own.
     *
     * @param origins such as {@code https://example.org}, separated by commas, or {@code *} for all
     * @throws IllegalArgumentException if one is no origin
     */
    Cors(String origins) {
        for (String origin : origins.split(",")) {
            add(origin.strip());
        }
    }

    private void add(String origin) {
        try {
            others.addOrigin(origin);
        } catch (IllegalArgumentException | IllegalStateException e) {
            throw new IllegalArgumentException(
                    "The origin \"" + origin + "\" of corsOrigins (API_CORS_ORIGINS) cannot be used: write * alone, or"
                            + " origins such as https://example.org, separated by commas",
                    e);
        }
    }

    @Override
    public void handle(RoutingContext context) {
        if (isOwn(context.request())) {
            context.next();
        } else {
            others.handle(context);
        }
    }

    /**
     * Whether a page of this service asks, such as /docs. A proxy in front of it may end TLS, so the scheme does not
     * count; it may also change the name, and then the browser's own word does.
     */
    private static boolean isOwn(HttpServerRequest request) {
        String origin = request.getHeader("Origin");
        String host = request.getHeader("Host");
        if (origin == null || host == null) {
            return false;
        }
        return "same-origin".equals(request.getHeader("Sec-Fetch-Site"))
                || authority(origin).equals(authority(schemeOf(origin) + "://" + host));
    }

    private static String schemeOf(String origin) {
        int end = origin.indexOf("://");
        return end < 0 ? "http" : origin.substring(0, end);
    }

    /** Host and port of an origin, also where the port is its scheme's. */
    private static String authority(String origin) {
        try {
            URI uri = URI.create(origin);
            int port = uri.getPort() >= 0 ? uri.getPort() : "https".equals(uri.getScheme()) ? 443 : 80;
            return String.valueOf(uri.getHost()).toLowerCase(Locale.ROOT) + ":" + port;
        } catch (IllegalArgumentException e) {
            return origin;
        }
    }
}
