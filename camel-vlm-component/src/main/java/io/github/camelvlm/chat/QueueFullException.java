package io.github.camelvlm.chat;

/** Too many requests wait already: try again later. */
public class QueueFullException extends VlmException {
    private static final long serialVersionUID = 1L;

    public QueueFullException(String message) {
        super(message);
    }
}
