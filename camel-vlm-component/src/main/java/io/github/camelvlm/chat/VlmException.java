package io.github.camelvlm.chat;

/**
 * Something went wrong with a request or a model. The message names the thing and how to mend it, and never repeats more
 * of a picture's base64 than its beginning.
 */
public class VlmException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public VlmException(String message) {
        super(Echo.bounded(message));
    }

    public VlmException(String message, Throwable cause) {
        super(Echo.bounded(message), cause);
    }
}
