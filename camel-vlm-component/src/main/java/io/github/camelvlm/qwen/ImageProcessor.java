package io.github.camelvlm.qwen;

import io.github.camelvlm.media.ImageException;
import io.github.camelvlm.media.PictureSize;
import io.github.camelvlm.media.RgbImage;
import io.github.camelvlm.model.BicubicResampler;
import io.github.camelvlm.model.FrameSizes;
import io.github.camelvlm.model.ProcessedImage;
import java.util.Arrays;
import java.util.Objects;

/**
 * Brings pictures to a size that the vision tower can see: both sides a multiple of {@link ImageProcessorConfig#cell},
 * the number of pixels within limits, the shape kept as well as that allows. It is the {@code smart_resize} and the
 * bicubic filter of transformers' Qwen2-VL image processor. Normalization and the order of patches are left to the model.
 */
public final class ImageProcessor {

    /** The vision tower was trained on no longer shapes, and transformers refuses them, too. */
    private static final int MAX_ASPECT_RATIO = 200;

    private final ImageProcessorConfig config;

    public ImageProcessor(ImageProcessorConfig config) {
        this.config = Objects.requireNonNull(config, "config");
    }

    /**
     * Resizes a picture.
     *
     * @param name what errors call the picture
     * @param image the picture, upright
     * @param minPixels the fewest pixels afterwards, at least 1
     * @param maxPixels the most pixels afterwards, save that no side falls below one cell
     * @throws ImageException if one side is more than 200 times the other
     */
    public ProcessedImage process(String name, RgbImage image, int minPixels, int maxPixels) {
        requireShape(name, image.width(), image.height());
        int cell = config.cell();
        Size size = smartResize(image.height(), image.width(), cell, minPixels, maxPixels);
        byte[] rgb = resized(image, new PictureSize(size.width(), size.height()));
        return new ProcessedImage(size.height() / config.patchSize(), size.width() / config.patchSize(), rgb);
    }

    /**
     * The size of a video's frames: that of its first one, resized as a picture would be.
     *
     * @throws ImageException if one side is more than 200 times the other
     */
    PictureSize frameSize(String name, PictureSize size, int minPixels, int maxPixels) {
        requireShape(name, size.width(), size.height());
        Size seen = smartResize(size.height(), size.width(), config.cell(), minPixels, maxPixels);
        return new PictureSize(seen.width(), seen.height());
    }

    /**
     * The size of a video's frames, of which all together have limits: {@code smart_resize} of transformers' Qwen3-VL, which
     * enlarges frames lower than one cell first.
     *
     * @throws ImageException if one side is more than 200 times the other
     */
    PictureSize filmSize(String name, PictureSize size, int frames, int minPixels, int maxPixels) {
        int cell = config.cell();
        PictureSize enlarged = size;
        if (Math.min(size.width(), size.height()) < cell) {
            double scale = Math.max((double) cell / size.height(), (double) cell / size.width());
            enlarged = new PictureSize((int) (size.width() * scale), (int) (size.height() * scale));
        }
        requireShape(name, enlarged.width(), enlarged.height());
        int even = (frames + 1) / 2 * 2;
        Size seen = smartResize(even, enlarged.height(), enlarged.width(), cell, minPixels, maxPixels);
        return new PictureSize(seen.width(), seen.height());
    }

    /** Resizes two frames of a video. */
    ProcessedImage processPair(RgbImage first, RgbImage second, FrameSizes sizes) {
        PictureSize size = sizes.seen();
        byte[] earlier = resized(regular(first, sizes.regular()), size);
        byte[] later = first == second ? earlier : resized(regular(second, sizes.regular()), size);
        byte[] both = Arrays.copyOf(earlier, earlier.length + later.length);
        System.arraycopy(later, 0, both, earlier.length, later.length);
        return new ProcessedImage(2, size.height() / config.patchSize(), size.width() / config.patchSize(), both);
    }

    private static RgbImage regular(RgbImage frame, PictureSize size) {
        return size == null ? frame : new RgbImage(size.width(), size.height(), resized(frame, size));
    }

    private static byte[] resized(RgbImage image, PictureSize size) {
        return BicubicResampler.resize(image.rgb(), image.width(), image.height(), size.width(), size.height());
    }

    /** What {@link #process} asks of a picture's shape, to be known before it is decoded. */
    static void requireShape(String name, int width, int height) {
        int longer = Math.max(width, height);
        int shorter = Math.min(width, height);
        if (longer > (long) MAX_ASPECT_RATIO * shorter) {
            throw new ImageException("picture " + name + " is " + width + " × " + height
                    + " pixels, one side more than " + MAX_ASPECT_RATIO
                    + " times the other: crop it or cut it into several pictures");
        }
    }

    /** Rows and columns in pixels. */
    record Size(int height, int width) {}

    /** transformers' {@code smart_resize}, whose {@code round} takes halves to the even neighbour. */
    static Size smartResize(int height, int width, int cell, int minPixels, int maxPixels) {
        return smartResize(1, height, width, cell, minPixels, maxPixels);
    }

    private static Size smartResize(int frames, int height, int width, int cell, int minPixels, int maxPixels) {
        double newHeight = Math.rint((double) height / cell) * cell;
        double newWidth = Math.rint((double) width / cell) * cell;
        double pixels = (double) frames * height * width;
        if (frames * newHeight * newWidth > maxPixels) {
            double beta = Math.sqrt(pixels / maxPixels);
            newHeight = Math.max(cell, Math.floor(height / beta / cell) * cell);
            newWidth = Math.max(cell, Math.floor(width / beta / cell) * cell);
        } else if (frames * newHeight * newWidth < minPixels) {
            double beta = Math.sqrt(minPixels / pixels);
            newHeight = Math.ceil(height * beta / cell) * cell;
            newWidth = Math.ceil(width * beta / cell) * cell;
        }
        return new Size((int) newHeight, (int) newWidth);
    }
}
