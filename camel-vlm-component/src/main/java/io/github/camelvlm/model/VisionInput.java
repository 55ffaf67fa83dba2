package io.github.camelvlm.model;

import io.github.camelvlm.chat.PixelLimits;
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
     * The positions of a prompt.
     *
     * @param ids the prompt's tokens, {@link #imageToken} repeated for each token of a picture
     * @param images the pictures, in their order
     */
    TokenPositions positions(int[] ids, List<ProcessedImage> images);
}
