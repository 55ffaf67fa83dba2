package io.github.camelvlm.routes.folder;

import io.github.camelvlm.routes.report.RetryLog;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/**
 * What is done before a picture of the folder is tried again: it is told, and others may pass. A file that cannot be
 * written is tried again for as long as that is no picture's fault, such as with a full disk; once others succeed where a
 * picture has failed for several times, the fault is its own.
 */
public final class FolderRetries implements Processor {
    private static final int TRIES = 4;
    private static final String GIVEN_UP = "givenUp";
    private static final String DESCRIBED_BEFORE = FolderRetries.class.getName();

    private final RetryLog log = new RetryLog();
    private PictureOrder order;

    /** @param order whose turn it is */
    public void setOrder(PictureOrder order) {
        this.order = order;
    }

    /** To be called before each redelivery. */
    @Override
    public void process(Exchange exchange) {
        order.stepAside(exchange);
        log.process(exchange);
    }

    /** Whether a picture is tried again that failed for a file that could not be written. If not, it is given up. */
    public boolean isWorthIt(Exchange exchange) {
        // Others may pass already while this is asked.
        order.stepAside(exchange);
        if (exchange.getProperty(DESCRIBED_BEFORE) == null) {
            exchange.setProperty(DESCRIBED_BEFORE, order.described());
        }
        boolean isWorthIt = exchange.getMessage().getHeader(Exchange.REDELIVERY_COUNTER, 0, int.class) < TRIES
                || order.described() == exchange.getProperty(DESCRIBED_BEFORE, long.class);
        exchange.setProperty(GIVEN_UP, !isWorthIt);
        return isWorthIt;
    }
}
