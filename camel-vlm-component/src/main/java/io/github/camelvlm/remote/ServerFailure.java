package io.github.camelvlm.remote;

import io.github.camelvlm.chat.VlmException;
import java.time.Duration;

/** A server has not begun to answer, and another one, or the same one later, may. */
final class ServerFailure extends Exception {
    private static final long serialVersionUID = 1L;

    /** What is wrong. */
    enum Kind {
        /** It has too much to do: status 429. */
        BUSY,
        /** It is loading, stopping, or what it stands for is out of reach: status 502 or 503. */
        UNAVAILABLE,
        /** There is no connection to it, or it broke off. */
        BROKEN,
        /** It failed on this request, or answered with what is no answer. The request may be the cause. */
        FAULTY,
        /** Its own time for the request is over: status 504. */
        LATE
    }

    private final Kind kind;
    private final Duration retryAfter;
    private final VlmException told;

    /**
     * @param retryAfter after which time it asks to be tried again; null if it does not say
     * @param told what is thrown if nothing else helps
     */
    ServerFailure(Kind kind, Duration retryAfter, VlmException told) {
        super(told);
        this.kind = kind;
        this.retryAfter = retryAfter;
        this.told = told;
    }

    Kind kind() {
        return kind;
    }

    Duration retryAfter() {
        return retryAfter;
    }

    VlmException told() {
        return told;
    }
}
