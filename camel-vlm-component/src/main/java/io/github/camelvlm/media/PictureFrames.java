package io.github.camelvlm.media;

/** The frames of a video in the order of time, each decoded when it is asked for. For one thread. */
public interface PictureFrames extends AutoCloseable {

    /** How many there are, at least one. */
    int count();

    /** How many of them make a second. */
    double fps();

    /** When a frame is shown, counted from 0, in seconds from the beginning of the video. */
    double seconds(int frame);

    /**
     * The size of the frames, upright.
     *
     * @throws ImageException if it cannot be read
     */
    PictureSize size();

    /**
     * The next frame.
     *
     * @throws ImageException if it cannot be decoded
     * @throws java.util.NoSuchElementException if there is none any more
     */
    RgbImage next();

    /** Lets go of what the frames come from. */
    @Override
    void close();
}
