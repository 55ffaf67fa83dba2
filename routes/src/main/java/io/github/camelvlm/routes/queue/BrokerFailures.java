package io.github.camelvlm.routes.queue;

import jakarta.jms.ExceptionListener;
import jakarta.jms.JMSException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells in the log, in one sentence a minute, that the broker of the queue is not there. The consumers try again by themselves. */
public final class BrokerFailures implements ExceptionListener {
    private static final Logger LOG = LoggerFactory.getLogger("camel-vlm");
    private static final Duration BETWEEN = Duration.ofMinutes(1);

    private String url;
    private boolean hasTold;
    private long told;

    /** @param url of the broker */
    public void setUrl(String url) {
        this.url = url;
    }

    @Override
    public synchronized void onException(JMSException failure) {
        long now = System.nanoTime();
        if (!hasTold || now - told > BETWEEN.toNanos()) {
            hasTold = true;
            told = now;
            LOG.warn("The queue is not answered: {}. It is tried again", sentence(url, failure));
        }
    }

    /** What is wrong, and the mend. */
    static String sentence(String url, JMSException failure) {
        return "the broker at " + url + " cannot be reached (" + failure.getMessage()
                + "): start it, or name another by queue.url";
    }
}
