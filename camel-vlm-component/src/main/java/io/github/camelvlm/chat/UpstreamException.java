package io.github.camelvlm.chat;

/** A server that an engine asks has failed on a request, or answered with what is no answer. */
public class UpstreamException extends VlmException {
    private static final long serialVersionUID = 1L;

    public UpstreamException(String message) {
        super(message);
    }

    public UpstreamException(String message, Throwable cause) {
        super(message, cause);
    }
}
