package io.github.camelvlm.chat;

/** The engine is loading, closed, or has failed. */
public class EngineUnavailableException extends VlmException {
    private static final long serialVersionUID = 1L;

    public EngineUnavailableException(String message) {
        super(message);
    }

    public EngineUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
