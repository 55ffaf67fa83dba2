package io.github.camelvlm.chat;

/** Something went wrong with a request or a model. The message names the thing and how to mend it. */
public class VlmException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public VlmException(String message) {
        super(message);
    }

    public VlmException(String message, Throwable cause) {
        super(message, cause);
    }
}
