package io.github.camelvlm.chat;

/** A picture cannot be decoded, or is refused before decoding. */
public class UnreadablePictureException extends VlmException {
    private static final long serialVersionUID = 1L;

    private final String place;

    public UnreadablePictureException(String message, Throwable cause) {
        this(message, cause, null);
    }

    UnreadablePictureException(String message, Throwable cause, String place) {
        super(message, cause);
        this.place = place;
    }

    /** The same of a picture that stands in a place of a request, such as {@code messages[0].content[1]}; null for none. */
    public UnreadablePictureException at(String newPlace) {
        return new UnreadablePictureException(getMessage(), this, newPlace);
    }

    /** Where the picture stands in the request, as OpenAI's format writes it; null if that is not known. */
    public String place() {
        return place;
    }
}
