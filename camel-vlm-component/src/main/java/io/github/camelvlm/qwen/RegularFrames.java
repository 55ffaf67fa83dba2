package io.github.camelvlm.qwen;

import io.github.camelvlm.chat.PixelLimits;
import io.github.camelvlm.media.PictureSize;

/**
 * The size to which LLaMA-Factory brings the frames of a video before it gives them to a Qwen-VL's own processor:
 * {@code _preprocess_image} of its {@code Qwen2VLPlugin}.
 */
final class RegularFrames {
    private static final int LEAST_SIDE = 28;
    private static final int LARGEST_RATIO = 200;
    private static final int RATIO_OF_LARGER_ONES = 180;

    private RegularFrames() {}

    /** @param limits both of which are set */
    static PictureSize size(PictureSize size, PixelLimits limits) {
        PictureSize kept = size;
        if (pixels(kept) > limits.maxPixels()) {
            kept = scaled(kept, limits.maxPixels());
        }
        if (pixels(kept) < limits.minPixels()) {
            kept = scaled(kept, limits.minPixels());
        }
        int width = Math.max(kept.width(), LEAST_SIDE);
        int height = Math.max(kept.height(), LEAST_SIDE);
        if (width > (long) LARGEST_RATIO * height) {
            width = height * RATIO_OF_LARGER_ONES;
        }
        if (height > (long) LARGEST_RATIO * width) {
            height = width * RATIO_OF_LARGER_ONES;
        }
        return new PictureSize(width, height);
    }

    private static long pixels(PictureSize size) {
        return (long) size.width() * size.height();
    }

    /** Rounded down; LLaMA-Factory itself fails where that leaves nothing of a side. */
    private static PictureSize scaled(PictureSize size, int pixels) {
        double factor = Math.sqrt((double) pixels / pixels(size));
        return new PictureSize(Math.max(1, (int) (size.width() * factor)), Math.max(1, (int) (size.height() * factor)));
    }
}
