package io.github.camelvlm.chat;

/** An answer that was to be data is none: it was cut before it was whole, or has not the form that was asked for. */
public class UnusableAnswerException extends VlmException {
    private static final long serialVersionUID = 1L;

    public UnusableAnswerException(String message) {
        super(message);
    }

    public UnusableAnswerException(String message, Throwable cause) {
        super(message, cause);
    }
}
