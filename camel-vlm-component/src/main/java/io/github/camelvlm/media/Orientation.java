package io.github.camelvlm.media;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The EXIF orientation (tag 0x0112 of the EXIF specification 2.32): finding it, in an EXIF block or as XMP has it, and
 * turning a picture by it.
 */
final class Orientation {

    /** The picture lies as it is to be seen. */
    static final int UPRIGHT = 1;

    /** Nothing is said, so the picture counts as upright unless it is said elsewhere. */
    static final int UNKNOWN = 0;

    private static final Pattern XMP = Pattern.compile("tiff:Orientation(?:=\"|>)([0-9])");

    private static final int TAG = 0x0112;
    private static final int BYTE = 1;

    private Orientation() {}

    /**
     * Reads the orientation from an EXIF block, which is a TIFF file without pixels. A block that cannot be read says
     * nothing about the picture's pixels, so it counts as {@link #UNKNOWN}.
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
            return UNKNOWN;
        }
    }

    /** The orientation that a TIFF directory names, or {@link #UNKNOWN}. */
    static int read(TiffDirectory directory) {
        TiffDirectory.Entry entry = directory.entries().get(TAG);
        // As a byte it has no meaning; scanners write one beside pictures that lie upright.
        if (entry == null || entry.type() == BYTE) {
            return UNKNOWN;
        }
        long value = directory.value(TAG, UNKNOWN);
        return value >= 0 && value <= 8 ? (int) value : UPRIGHT;
    }

    /** The orientation that an XMP packet names, or {@link #UNKNOWN}; where EXIF names one, it is not asked. */
    static int fromXmp(byte[] xmp) {
        Matcher found = XMP.matcher(new String(xmp, StandardCharsets.ISO_8859_1));
        return found.find() ? found.group(1).charAt(0) - '0' : UNKNOWN;
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
