package io.github.camelvlm.routes.telemetry;

import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says once that a collector does not take what is sent, however often that is tried, and once that it does again. */
final class CollectorNotice {
    private static final Logger LOG = LoggerFactory.getLogger("camel-vlm");

    private final String what;
    private final String address;
    private final AtomicBoolean fails = new AtomicBoolean();

    /**
     * @param what is sent, such as {@code metrics}
     * @param address where to
     */
    CollectorNotice(String what, String address) {
        this.what = what;
        this.address = address;
    }

    void taken() {
        if (fails.compareAndSet(true, false)) {
            LOG.info("The {} reach {} again", what, address);
        }
    }

    /** @param failure the reason, or null if none is known */
    void lost(Throwable failure) {
        if (fails.compareAndSet(false, true)) {
            LOG.warn(
                    "The {} do not reach {}{}: what comes meanwhile is lost to it, and all else goes on. Start the"
                            + " collector there, or set VLM_OTLP to where it listens",
                    what,
                    address,
                    failure == null ? "" : " (" + reason(failure) + ")");
        }
    }

    private static String reason(Throwable failure) {
        Throwable last = failure;
        while (last.getCause() != null && last.getCause() != last) {
            last = last.getCause();
        }
        return last.getMessage() == null ? last.getClass().getSimpleName() : last.getMessage();
    }
}
