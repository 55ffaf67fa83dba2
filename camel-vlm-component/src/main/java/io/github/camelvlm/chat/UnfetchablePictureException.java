package io.github.camelvlm.chat;

/** A picture that a request names by its address cannot be fetched from there: not found, too slow, out of reach. */
public class UnfetchablePictureException extends UnreadablePictureException {
    private static final long serialVersionUID = 1L;

    public UnfetchablePictureException(String message, Throwable cause) {
        super(message, cause);
    }

    private UnfetchablePictureException(String message, Throwable cause, String place) {
        super(message, cause, place);
    }

    @Override
    public UnfetchablePictureException at(String newPlace) {
        return new UnfetchablePictureException(getMessage(), this, newPlace);
    }
}
