package io.github.camelvlm.fetch;

import java.util.Locale;
import java.util.Objects;

/**
 * There is no picture to be had from a URL or path. The message names it, without user name and query string (they may
 * hold secrets), and how to mend it.
 */
public final class PictureSourceException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Whose fault it is. */
    public enum Reason {
        /** The URL is not one, or its data URL does not hold a picture in base64. */
        MALFORMED,
        /** The {@link PicturePolicy} does not allow it. */
        REFUSED,
        /** What came is no picture; it would be none at another time either. */
        NO_PICTURE,
        /** It is allowed, but nothing came: no such file or host, a server that fails, too late. */
        UNFETCHABLE
    }

    private final Reason reason;

    /**
     * @param reason whose fault it is
     * @param message names the picture, what is wrong and what to do
     * @param cause what was thrown, or null
     */
    public PictureSourceException(Reason reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = Objects.requireNonNull(reason, "reason");
    }

    /** Whose fault it is. */
    public Reason reason() {
        return reason;
    }

    /** The same said of another kind. */
    PictureSourceException worded(MediaKind kind) {
        return new PictureSourceException(reason, kind.worded(getMessage()), this);
    }

    static PictureSourceException malformed(String picture, String problem) {
        return new PictureSourceException(Reason.MALFORMED, "picture " + picture + " " + problem, null);
    }

    static PictureSourceException refused(String picture, String problem) {
        return new PictureSourceException(Reason.REFUSED, "picture " + picture + " is refused: " + problem, null);
    }

    static PictureSourceException noPicture(String picture, String problem) {
        return new PictureSourceException(
                Reason.NO_PICTURE, "picture " + picture + " cannot be read: " + problem, null);
    }

    static PictureSourceException unfetchable(String picture, String problem, Throwable cause) {
        return new PictureSourceException(
                Reason.UNFETCHABLE, "picture " + picture + " cannot be fetched: " + problem, cause);
    }

    static PictureSourceException tooLarge(String picture, int maxBytes) {
        return refused(
                picture,
                String.format(
                        Locale.ROOT,
                        "it has more than the %,d bytes allowed; send a smaller file, or raise maxImageBytes",
                        maxBytes));
    }
}
