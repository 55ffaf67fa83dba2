package io.github.camelvlm.routes.start;

import io.github.camelvlm.chat.VlmException;
import org.apache.camel.PropertyBindingException;

/** Finds the sentence for the user in what a failed start throws. */
public final class StartFailure {
    private StartFailure() {}

    /** The message of the first exception of our own in the chain of causes, else that of the last cause. */
    public static String message(Throwable failure) {
        PropertyBindingException binding = null;
        Throwable cause = failure;
        while (!isOurs(cause) && cause.getCause() != null) {
            if (cause instanceof PropertyBindingException found) {
                binding = found;
            }
            cause = cause.getCause();
        }
        if (cause instanceof NumberFormatException && binding != null) {
            return binding.getOptionKey() + " must be a number, but is \"" + binding.getValue() + "\"";
        }
        if (cause instanceof OutOfMemoryError) {
            return "the memory of Java is too small (" + cause.getMessage() + "): raise -Xmx";
        }
        // The message of an error such as a class that is missing says too little alone.
        return cause.getMessage() != null && !(cause instanceof Error) ? cause.getMessage() : cause.toString();
    }

    /** Also one of Java's, if our code has thrown it: its message is written for users, that of its cause often not. */
    private static boolean isOurs(Throwable failure) {
        StackTraceElement[] trace = failure.getStackTrace();
        return failure instanceof VlmException
                || trace.length > 0 && trace[0].getClassName().startsWith("io.github.camelvlm.");
    }
}
