package io.github.camelvlm.http;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.Locale;

/**
 * Writes the media type of a body in small letters: it may come in any (RFC 9110, section 8.3.1), and Vert.x's routes
 * know theirs in one alone. It stands before them, since they read the header at once.
 */
record MediaTypeCase(Handler<HttpServerRequest> routes) implements Handler<HttpServerRequest> {
    @Override
    public void handle(HttpServerRequest request) {
        String type = request.getHeader(HttpHeaders.CONTENT_TYPE);
        if (type != null) {
            int end = type.indexOf(';') < 0 ? type.length() : type.indexOf(';');
            String lower = type.substring(0, end).toLowerCase(Locale.ROOT) + type.substring(end);
            if (!lower.equals(type)) {
                request.headers().set(HttpHeaders.CONTENT_TYPE, lower);
            }
        }
        routes.handle(request);
    }
}
