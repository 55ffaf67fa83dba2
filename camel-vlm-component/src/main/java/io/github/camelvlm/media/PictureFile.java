package io.github.camelvlm.media;

import java.io.IOException;

/**
 * A picture file of which no more has been read than tells its size, so that one that is too large is refused before
 * anything is made of it.
 */
interface PictureFile {

    /** Columns as the file declares them, before it is turned upright; 0 if the file says so. */
    long width();

    /** Rows as the file declares them, before it is turned upright; 0 if the file says so. */
    long height();

    /**
     * How it is to be turned: a value of {@link Orientation}. To be called once, and instead of {@link #decode}.
     *
     * @throws ImageException if the file is cut off or damaged
     */
    default int orientation() {
        return Orientation.UPRIGHT;
    }

    /**
     * Decodes the pixels, transparency laid over white, the EXIF orientation applied. To be called once.
     *
     * @throws ImageException if the file is cut off or damaged
     * @throws IOException if the decoder finds fault; it may as well throw any unchecked exception
     */
    RgbImage decode() throws IOException;
}
