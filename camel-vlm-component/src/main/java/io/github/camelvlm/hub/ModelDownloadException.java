package io.github.camelvlm.hub;

/** A model cannot be fetched from its hub. The message says why, and what to do. */
public class ModelDownloadException extends ModelNotFoundException {
    private static final long serialVersionUID = 1L;

    public ModelDownloadException(String message) {
        super(message);
    }

    public ModelDownloadException(String message, Throwable cause) {
        super(message, cause);
    }
}
