package io.github.camelvlm.chat;

/** A server that an engine asks refuses the key of this application, whatever is asked. */
public class UpstreamAccessException extends EngineUnavailableException {
    private static final long serialVersionUID = 1L;

    public UpstreamAccessException(String message) {
        super(message);
    }
}
