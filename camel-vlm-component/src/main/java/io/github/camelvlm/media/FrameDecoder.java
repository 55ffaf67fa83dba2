package io.github.camelvlm.media;

import java.util.concurrent.CompletionStage;

/** Decodes pictures that are coded as the frames of a film are, which nothing in Java does well. */
@FunctionalInterface
public interface FrameDecoder {
    /** Refuses all pictures. */
    FrameDecoder NONE = (name, coded, frames, cancellation) -> {
        throw new ImageException("picture " + name + " is coded by " + coded.codec()
                + ", which is not decoded here: convert it to PNG or JPEG");
    };

    /** Takes decoded frames. */
    @FunctionalInterface
    interface Frames {
        /**
         * Takes the next one.
         *
         * @param samples is changed afterwards
         */
        void take(FrameFormat format, byte[] samples);
    }

    /**
     * Decodes frames.
     *
     * @param name what errors call the picture
     * @param frames takes each of them in turn
     * @param cancellation ends that when it completes
     * @throws ImageException if they cannot be decoded
     */
    void decode(String name, CodedFrames coded, Frames frames, CompletionStage<?> cancellation);
}
