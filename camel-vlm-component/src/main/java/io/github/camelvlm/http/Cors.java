package io.github.camelvlm.http;

import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.handler.CorsHandler;
import java.util.Set;

/** Lets web pages of other origins use the service, errors included. */
final class Cors {
    private Cors() {}

    /**
     * Allows whatever headers a page asks for: clients send many of their own.
     *
     * @param origins such as {@code https://example.org}, separated by commas, or {@code *} for all
     * @throws IllegalArgumentException if one is no origin
     */
    static CorsHandler handler(String origins) {
        CorsHandler handler = CorsHandler.create()
                .allowedMethods(Set.of(HttpMethod.GET, HttpMethod.POST, HttpMethod.OPTIONS))
                .exposedHeaders(Set.of(RequestId.HEADER, "Retry-After"))
                .maxAgeSeconds(600);
        for (String origin : origins.split(",")) {
            add(handler, origin.strip());
        }
        return handler;
    }

    private static void add(CorsHandler handler, String origin) {
        try {
            handler.addOrigin(origin);
        } catch (IllegalArgumentException | IllegalStateException e) {
            throw new IllegalArgumentException(
                    "The origin \"" + origin + "\" of corsOrigins (API_CORS_ORIGINS) cannot be used: write * alone, or"
                            + " origins such as https://example.org, separated by commas",
                    e);
        }
    }
}
