package io.github.camelvlm.routes;

import io.github.camelvlm.chat.VlmException;
import org.apache.camel.PropertyBindingException;

/** Finds the sentence for the user in what a failed start throws. */
final class StartFailure {
    private StartFailure() {}

    /** The message of our own exception if there is one in the chain of causes, else that of the last cause. */
    static String message(Throwable failure) {
        PropertyBindingException binding = null;
        Throwable cause = failure;
        while (!(cause instanceof VlmException) && cause.getCause() != null) {
            if (cause instanceof PropertyBindingException found) {
                binding = found;
            }
            cause = cause.getCause();
        }
        if (cause instanceof NumberFormatException && binding != null) {
            return binding.getOptionKey() + " must be a number, but is \"" + binding.getValue() + "\"";
        }
        return cause.getMessage() != null ? cause.getMessage() : cause.toString();
    }
}
