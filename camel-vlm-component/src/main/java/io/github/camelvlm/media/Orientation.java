package io.github.camelvlm.media;

import java.util.Arrays;

/** The EXIF orientation (tag 0x0112 of the EXIF specification 2.32): finding it, and turning a picture by it. */
final class Orientation {

    /** The picture lies as it is to be seen. */
    static final int UPRIGHT = 1;

    private static final int TAG = 0x0112;

    private Orientation() {}

    /**
     * Reads the orientation from an EXIF block, which is a TIFF file without pixels. A block that cannot be read says
     * nothing about the picture's pixels, so it counts as {@link #UPRIGHT}.
     *
     * @param start where the block begins, an "Exif\0\0" before it allowed
     * @param length its length in bytes
     */
    static int read(PictureBytes file, int start, int length) {
        int skip = length >= 6 && file.has(start, "Exif\0\0") ? 6 : 0;
        byte[] block = Arrays.copyOfRange(file.bytes(), start + skip, start + length);
        try {
            return read(TiffDirectory.first(new PictureBytes(file.name(), block)));
        } catch (ImageException e) {
            return UPRIGHT;
        }
    }

    /** The orientation that a TIFF directory names, or {@link #UPRIGHT}. */
    static int read(TiffDirectory directory) {
        long value = directory.value(TAG, UPRIGHT);
        return value >= 1 && value <= 8 ? (int) value : UPRIGHT;
    }

    /** The picture as it is to be seen. */
    static RgbImage apply(RgbImage image, int orientation) {
        int w = image.width();
        int h = image.height();
        // The source pixel of target (x, y) is number first + x * right + y * down.
        return switch (orientation) {
            case 2 -> turn(image, w, h, w - 1, -1, w);
            case 3 -> turn(image, w, h, w * h - 1, -1, -w);
            case 4 -> turn(image, w, h, w * (h - 1), 1, -w);
            case 5 -> turn(image, h, w, 0, w, 1);
            case 6 -> turn(image, h, w, w * (h - 1), -w, 1);
            case 7 -> turn(image, h, w, w * h - 1, -w, -1);
            case 8 -> turn(image, h, w, w - 1, w, -1);
            default -> image;
        };
    }

    private static RgbImage turn(RgbImage image, int width, int height, int first, int right, int down) {
        byte[] source = image.rgb();
        byte[] target = new byte[source.length];
        int to = 0;
        for (int y = 0; y < height; y++) {
            int from = 3 * (first + y * down);
            for (int x = 0; x < width; x++) {
                target[to] = source[from];
                target[to + 1] = source[from + 1];
                target[to + 2] = source[from + 2];
                to += 3;
                from += 3 * right;
            }
        }
        return new RgbImage(width, height, target);
    }
}
