package io.github.camelvlm.model;

import io.github.camelvlm.chat.FrameLimits;
import io.github.camelvlm.chat.PixelLimits;
import io.github.camelvlm.media.PictureSize;
import io.github.camelvlm.media.RgbImage;
import java.util.List;

/** How a family takes pictures into a prompt. Safe for use by many threads. */
public interface VisionInput {
    /**
     * A picture becomes at most so many tokens unless a request says otherwise. Published models allow 16,384, which
     * exhausts the memory of most machines on a phone's photo.
     */
    int DEFAULT_MAX_TOKENS = 1280;

    /** The id that stands for a picture in a rendered template, and for each of its tokens in a prompt. */
    int imageToken();

    /** The id that stands for frames of a video in a rendered template, and for each of their tokens in a prompt. */
    int videoToken();

    /** How many pixels, as the model sees them, become one token. */
    int pixelsPerToken();

    /** The fewest and the most pixels of a picture as the model sees it, where a request sets none. */
    PixelLimits defaultLimits();

    /**
     * Refuses shapes that the model cannot see, before a picture of them is decoded.
     *
     * @param name what errors call the picture
     * @param width in pixels
     * @param height in pixels
     * @throws io.github.camelvlm.media.ImageException if it refuses them
     */
    void requireShape(String name, int width, int height);

    /**
     * Brings a picture to the size at which the model sees it.
     *
     * @param name what errors call the picture
     * @param image the picture, upright
     * @param limits both of which are set
     * @throws io.github.camelvlm.media.ImageException if its shape is refused
     */
    ProcessedImage process(String name, RgbImage image, PixelLimits limits);

    /**
     * The size at which the model sees the frames of a video.
     *
     * @param name what errors call the video
     * @param size of its first frame, upright
     * @param frames how many there are
     * @param limits what a request says of it
     * @throws io.github.camelvlm.media.ImageException if the shape is refused
     */
    FrameSizes frameSizes(String name, PictureSize size, int frames, FrameLimits limits);

    /**
     * Brings two frames that follow each other to that size.
     *
     * @param first the earlier one
     * @param second the later one; the same again behind an odd number of frames
     */
    ProcessedImage processPair(RgbImage first, RgbImage second, FrameSizes sizes);

    /**
     * What stands in a prompt where its template shows a video.
     *
     * @param seconds when the frames are shown, pair by pair
     * @return the text, in which {@link #videoToken} stands once for each pair or once for all
     */
    VideoText videoText(List<Double> seconds);

    /**
     * The positions of a prompt.
     *
     * @param tokens the number of its tokens
     * @param visuals the stretches that are no text, in their order
     */
    TokenPositions positions(int tokens, List<PromptVisual> visuals);
}
