package io.github.camelvlm.media;

import java.awt.Transparency;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.DataBufferByte;
import java.awt.image.Raster;
import java.util.Objects;

/**
 * A decoded picture.
 *
 * @param width columns, at least 1
 * @param height rows, at least 1
 * @param rgb [height, width, 3], red, green and blue of each pixel as unsigned bytes; shared, not copied, so no caller may
 *     change it
 */
public record RgbImage(int width, int height, byte[] rgb) {

    /** @throws IllegalArgumentException if a side is below 1 or the array does not hold width × height × 3 bytes */
    public RgbImage {
        Objects.requireNonNull(rgb, "rgb");
        if (width < 1 || height < 1 || 3L * width * height != rgb.length) {
            throw new IllegalArgumentException(
                    rgb.length + " bytes are not the red, green and blue of " + width + " × " + height + " pixels");
        }
    }

    /** A view of the pixels for Java's own classes, not a copy: what is drawn into it changes {@link #rgb}. */
    public BufferedImage view() {
        ComponentColorModel colours = new ComponentColorModel(
                ColorSpace.getInstance(ColorSpace.CS_sRGB), false, false, Transparency.OPAQUE, DataBuffer.TYPE_BYTE);
        int[] redGreenBlue = {0, 1, 2};
        return new BufferedImage(
                colours,
                Raster.createInterleavedRaster(
                        new DataBufferByte(rgb, rgb.length), width, height, width * 3, 3, redGreenBlue, null),
                false,
                null);
    }

    /** A part of it, which lies within it. */
    RgbImage part(int left, int top, PictureSize size) {
        byte[] part = new byte[3 * size.width() * size.height()];
        for (int y = 0; y < size.height(); y++) {
            int from = 3 * ((top + y) * width + left);
            System.arraycopy(rgb, from, part, 3 * y * size.width(), 3 * size.width());
        }
        return new RgbImage(size.width(), size.height(), part);
    }

    @Override
    public String toString() {
        return width + " × " + height + " pixels";
    }
}
