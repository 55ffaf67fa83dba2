package io.github.camelvlm.chat;

/** The prompt is longer than the context. */
public class ContextLengthException extends InvalidRequestException {
    private static final long serialVersionUID = 1L;

    public ContextLengthException(String problem) {
        super("messages", problem, "context_length_exceeded");
    }
}
