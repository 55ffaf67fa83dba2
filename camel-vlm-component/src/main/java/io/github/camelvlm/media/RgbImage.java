package io.github.camelvlm.media;

import java.util.Objects;

/**
 * A decoded picture.
 *
 * @param width columns, at least 1
 * @param height rows, at least 1
 * @param rgb [height, width, 3], red, green and blue of each pixel as unsigned bytes; shared, not copied, so nobody may
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

    @Override
    public String toString() {
        return width + " × " + height + " pixels";
    }
}
