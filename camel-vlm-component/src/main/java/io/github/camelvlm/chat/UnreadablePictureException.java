package io.github.camelvlm.chat;

/** A picture cannot be decoded, or is refused before decoding. */
public class UnreadablePictureException extends VlmException {
    private static final long serialVersionUID = 1L;

    public UnreadablePictureException(String message, Throwable cause) {
        super(message, cause);
    }
}
