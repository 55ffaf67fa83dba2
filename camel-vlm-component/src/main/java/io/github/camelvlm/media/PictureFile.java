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
     * How large it is when it is cut and turned as it is to be seen; its size must have been found to be small enough. To be
     * called once, and instead of {@link #decode}.
     *
     * @throws ImageException if the file is cut off or damaged
     */
    default PictureSize upright() {
        boolean lies = orientation() > 4;
        return new PictureSize((int) (lies ? height() : width()), (int) (lies ? width() : height()));
    }

    /**
     * The most bytes of memory that decoding takes at one time, the file itself apart; as far as the header tells, and
     * above what is needed rather than below.
     */
    default long decodingBytes() {
        return footprint(width(), height(), 8);
    }

    /**
     * What decoding takes where a decoder gives its own samples, of which RGB is made row by row and then turned.
     *
     * @param sampleBytes the bytes of the samples of one pixel
     */
    static long footprint(long width, long height, long sampleBytes) {
        // Decoders hold up to four rows as they stand in the file; here one row is widened to an int per sample.
        return width * height * (Math.max(3, sampleBytes) + 3) + 8 * width * sampleBytes;
    }

    /**
     * Decodes the pixels, transparency laid over white, the EXIF orientation applied. To be called once.
     *
     * @throws ImageException if the file is cut off or damaged
     * @throws IOException if the decoder finds fault; it may as well throw any unchecked exception
     */
    RgbImage decode() throws IOException;
}
