package io.github.camelvlm.routes;

import io.github.camelvlm.chat.VlmException;

/** Finds the sentence for the user in what a failed start throws. */
final class StartFailure {
    private StartFailure() {}

    /** The message of our own exception if there is one in the chain of causes, else that of the last cause. */
    static String message(Throwable failure) {
        Throwable cause = failure;
        while (!(cause instanceof VlmException) && cause.getCause() != null && cause.getCause() != cause) {
            cause = cause.getCause();
        }
        return cause.getMessage() != null ? cause.getMessage() : cause.toString();
    }
}
