package io.github.camelvlm.dialect;

/** What a client names is not there, or not any more. */
public final class NotKeptException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** @param message says what, and what to do about it */
    public NotKeptException(String message) {
        super(message);
    }
}
