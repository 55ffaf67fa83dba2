package io.github.camelvlm.media;

import java.util.Locale;

/** A picture is refused or cannot be decoded. The message names the picture and how to mend it. */
public final class ImageException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** @param message names the picture, what is wrong with it and what to do */
    public ImageException(String message) {
        super(message);
    }

    /**
     * @param message names the picture, what is wrong with it and what to do
     * @param cause what the decoder threw, or null
     */
    public ImageException(String message, Throwable cause) {
        super(message, cause);
    }

    static ImageException cutOff(String name, int length, Throwable cause) {
        return new ImageException(
                String.format(Locale.ROOT, "picture %s is cut off after %,d bytes: copy the whole file", name, length),
                cause);
    }

    static ImageException damaged(String name, String what, Throwable cause) {
        return new ImageException(
                "picture " + name + " is damaged (" + what + "): open it in an image editor and save it again", cause);
    }

    static ImageException unsupported(String name, String what) {
        return new ImageException("picture " + name + " is " + what + ", which is not supported: save it as PNG");
    }
}
