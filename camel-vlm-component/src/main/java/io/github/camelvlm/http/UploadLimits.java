package io.github.camelvlm.http;

import io.vertx.ext.web.RoutingContext;
import java.time.Duration;

/**
 * What the body of a request must keep to.
 *
 * @param maxBody the most bytes of it
 * @param patience the time within which it must have come
 * @param leastRate the bytes per second that must have come on an average, once {@link #GRACE} is over; 0 for no limit
 */
record UploadLimits(long maxBody, Duration patience, long leastRate) {
    /** A connection may stand still for so long before its rate counts. */
    static final Duration GRACE = Duration.ofSeconds(10);

    /** Whether a body of which so many bytes have come in a time comes too slowly. */
    boolean isTooSlow(long bytes, Duration time) {
        return time.compareTo(patience) >= 0
                || time.compareTo(GRACE) >= 0 && bytes < leastRate * time.toMillis() / 1000;
    }

    /** Refuses a body that is larger. */
    void refuseAsTooLarge(RoutingContext context) {
        OpenAiErrors.send(
                context,
                413,
                "The body of the request is larger than " + maxBody
                        + " bytes, the most that this server takes: send fewer or smaller pictures",
                "invalid_request_error",
                "request_too_large");
    }
}
