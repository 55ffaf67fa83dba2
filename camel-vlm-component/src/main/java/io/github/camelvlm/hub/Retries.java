package io.github.camelvlm.hub;

import java.io.IOException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.function.LongSupplier;
import javax.net.ssl.SSLException;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.apache.hc.client5.http.HttpHostConnectException;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How often what failed is tried again, and after what time. The time doubles from one failure to the next; a server that
 * names a time of its own ({@code Retry-After}) is given it.
 *
 * @param attempts that may fail one after the other without a megabyte having arrived in between
 * @param first the pause after the first failure
 * @param longest the longest pause that a server may ask for
 */
record Retries(int attempts, Duration first, Duration longest) {
    static final Retries USUAL = new Retries(6, Duration.ofSeconds(1), Duration.ofMinutes(10));
    private static final Logger LOG = LoggerFactory.getLogger("camel-vlm");
    private static final long PROGRESS = 1_000_000;

    interface Attempt<T> {
        T run() throws IOException, InterruptedException;
    }

    /**
     * Tries until it succeeds.
     *
     * @param what is tried, for the log
     * @param arrived the bytes that have arrived so far
     * @throws IOException the last failure; its message is for users
     */
    <T> T run(String what, LongSupplier arrived, Cancellation cancellation, Attempt<T> attempt)
            throws IOException, InterruptedException {
        long before = arrived.getAsLong();
        int failures = 0;
        while (true) {
            cancellation.requireRunning();
            try {
                return attempt.run();
            } catch (IOException e) {
                // A cancelled request fails like a broken one.
                cancellation.requireRunning();
                if (arrived.getAsLong() - before >= PROGRESS) {
                    before = arrived.getAsLong();
                    failures = 0;
                }
                failures++;
                Duration pause = pause(failures, e);
                if (failures >= attempts || pause.compareTo(longest) > 0) {
                    throw new IOException(reason(e), e);
                }
                LOG.info("{}: {}. Trying again in {} s", what, reason(e), seconds(pause));
                cancellation.pause(pause);
            }
        }
    }

    private Duration pause(int failures, IOException e) {
        Duration own = first.multipliedBy(1L << (failures - 1));
        Duration asked = e instanceof BrokenTransferException broken ? broken.retryAfter() : Duration.ZERO;
        return asked.compareTo(own) > 0 ? asked : own;
    }

    private static String seconds(Duration time) {
        return String.valueOf(time.toMillis() / 1000.0).replaceFirst("\\.0$", "");
    }

    private static String reason(IOException e) {
        if (e instanceof BrokenTransferException) {
            return e.getMessage();
        }
        if (e instanceof ConnectionClosedException) {
            return "the connection ended too early";
        }
        if (e instanceof UnknownHostException) {
            return "its host has no address (" + e.getMessage() + ")";
        }
        if (e instanceof HttpHostConnectException || e instanceof ConnectTimeoutException) {
            return "its host does not accept the connection (" + e.getMessage() + ")";
        }
        if (e instanceof SSLException) {
            return "its host has no valid TLS (" + e.getMessage() + ")";
        }
        return "the connection broke (" + e.getMessage() + ")";
    }
}
