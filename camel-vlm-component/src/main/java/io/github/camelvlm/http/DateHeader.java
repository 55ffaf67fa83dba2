package io.github.camelvlm.http;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;

/** Tells with each answer when it was given, as servers that have a clock must (RFC 9110, section 6.6.1). */
final class DateHeader implements Handler<RoutingContext> {
    private static final DateTimeFormatter FORMAT = DateTimeFormatter.RFC_1123_DATE_TIME.withZone(ZoneOffset.UTC);

    @Override
    public void handle(RoutingContext context) {
        context.addHeadersEndHandler(before -> context.response().putHeader(HttpHeaders.DATE, now()));
        context.next();
    }

    /** The present time, as the header writes it. */
    static String now() {
        return FORMAT.format(ZonedDateTime.now(ZoneOffset.UTC));
    }
}
