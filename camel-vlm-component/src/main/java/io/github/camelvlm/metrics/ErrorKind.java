package io.github.camelvlm.metrics;

import io.github.camelvlm.chat.VlmException;
import java.util.Locale;

/** The kinds of failures: few, and none of them a client's own word. */
public final class ErrorKind {
    private ErrorKind() {}

    /** The kind of a failure, such as {@code queue_full} of a QueueFullException; {@code internal} for what is no domain's. */
    public static String of(Throwable failure) {
        if (failure instanceof InterruptedException) {
            return "interrupted";
        }
        if (!(failure instanceof VlmException) || failure.getClass() == VlmException.class) {
            return "internal";
        }
        return failure.getClass()
                .getSimpleName()
                .replaceAll("Exception$", "")
                .replaceAll("(?<=[a-z])(?=[A-Z])", "_")
                .toLowerCase(Locale.ROOT);
    }
}
