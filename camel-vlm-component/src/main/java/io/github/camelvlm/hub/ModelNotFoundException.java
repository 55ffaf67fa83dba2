package io.github.camelvlm.hub;

/** A model is not on this machine. The message names every place that was looked at, and how to get the model. */
public class ModelNotFoundException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ModelNotFoundException(String message) {
        super(message);
    }

    public ModelNotFoundException(String message, Throwable cause) {
        super(message, cause);
    }
}
