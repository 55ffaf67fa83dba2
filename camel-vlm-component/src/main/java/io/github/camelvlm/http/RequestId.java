package io.github.camelvlm.http;

import io.github.camelvlm.dialect.Dialect;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.UUID;
import java.util.regex.Pattern;

/** Gives each request an id: that of its header {@code X-Request-Id}, else a new one. The answer bears it too. */
final class RequestId implements Handler<RoutingContext> {
    static final String HEADER = "X-Request-Id";

    // It is written into the log and into a header, so nothing that could end a line of either.
    private static final Pattern USABLE = Pattern.compile("[A-Za-z0-9._:-]{1,128}");

    @Override
    public void handle(RoutingContext context) {
        String asked = context.request().getHeader(HEADER);
        boolean usable = asked != null && USABLE.matcher(asked).matches();
        String id = usable ? asked : "req-" + UUID.randomUUID();
        context.response().putHeader(HEADER, id);
        Dialect dialect = Dialects.of(context);
        if (dialect != null && dialect.idHeader() != null) {
            context.response().putHeader(dialect.idHeader(), id);
        }
        context.next();
    }

    /** The id of a request that has passed here. */
    static String of(HttpServerResponse response) {
        return response.headers().get(HEADER);
    }
}
