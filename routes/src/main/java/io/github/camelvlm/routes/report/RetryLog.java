package io.github.camelvlm.routes.report;

import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says in one line, before a picture is tried again, which one it is and what keeps it. */
public final class RetryLog implements Processor {
    private static final Logger LOG = LoggerFactory.getLogger("camel-vlm");

    private String place = "the inbox";

    /** @param place where the picture waits, such as "the inbox" */
    public void setPlace(String place) {
        this.place = place;
    }

    @Override
    public void process(Exchange exchange) {
        Throwable failure = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
        Throwable cause = failure.getCause();
        LOG.warn(
                "{} waits in {} and is tried again: {}{}",
                exchange.getMessage().getHeader(Exchange.FILE_NAME),
                place,
                FailureReason.of(failure),
                cause == null ? "" : " (" + cause + ")");
    }
}
