package io.github.camelvlm.media;

import java.io.IOException;
import java.io.OutputStream;

/**
 * Pictures of one size that are coded as the frames of a film are.
 *
 * @param codec by which
 * @param count how many
 * @param size of each
 * @param stream writes them as a stream of that codec
 */
public record CodedFrames(Codec codec, int count, PictureSize size, Stream stream) {

    /** Pictures are coded in whole blocks. */
    private static final int MARGIN = 256;

    /** The most pixels with which each may be coded. */
    public long mostPixels() {
        return mostPixels(size);
    }

    /** The most pixels with which a picture of a size may be coded. */
    static long mostPixels(PictureSize size) {
        return (long) (size.width() + MARGIN) * (size.height() + MARGIN);
    }

    /** How frames are coded. */
    public enum Codec {
        /** A stream of HEVC (H.265), as in annex B of its specification. */
        HEVC,
        /** AV1, in the container IVF. */
        AV1
    }

    /** Writes frames. */
    @FunctionalInterface
    public interface Stream {
        /**
         * Writes all of them.
         *
         * @throws ImageException if they are damaged
         */
        void writeTo(OutputStream out) throws IOException;
    }
}
