package io.github.camelvlm.hub;

import java.io.IOException;
import java.time.Duration;

/** An attempt failed in a way that another one may not. */
class BrokenTransferException extends IOException {
    private static final long serialVersionUID = 1L;

    private final Duration retryAfter;

    BrokenTransferException(String message) {
        this(message, Duration.ZERO);
    }

    /** @param retryAfter how long the server asks to wait, or zero */
    BrokenTransferException(String message, Duration retryAfter) {
        super(message);
        this.retryAfter = retryAfter;
    }

    Duration retryAfter() {
        return retryAfter;
    }
}
