package io.github.camelvlm.media;

import java.awt.image.Raster;

/**
 * Makes colours with their alpha of the samples of a PNG file.
 *
 * @param type its kind of colour, a number of the specification's
 * @param bits of a sample
 * @param palette red, green and blue of each entry; empty for none
 * @param transparency alpha of the first entries, or the samples of the colour that is transparent; empty for none
 */
record PngColours(int type, int bits, byte[] palette, byte[] transparency) {
    private static final int GRAY = 0;
    private static final int RGB = 2;
    private static final int PALETTE = 3;
    private static final int GRAY_ALPHA = 4;
    private static final int OPAQUE = 255;

    /** [height, width] pixels, 0xAARRGGBB. */
    int[] pixels(Raster raster) {
        int width = raster.getWidth();
        int bands = raster.getNumBands();
        int[] pixels = new int[Math.multiplyExact(width, raster.getHeight())];
        int[] row = new int[width * bands];
        for (int i = 0; i < pixels.length; i++) {
            int x = i % width;
            if (x == 0) {
                raster.getPixels(raster.getMinX(), raster.getMinY() + i / width, width, 1, row);
            }
            pixels[i] = pixel(row, x * bands);
        }
        return pixels;
    }

    private int pixel(int[] row, int at) {
        return switch (type) {
            case GRAY -> gray(row[at], isKey(row, at, 1) ? 0 : OPAQUE);
            case RGB -> argb(isKey(row, at, 3) ? 0 : OPAQUE, byteOf(row[at]), byteOf(row[at + 1]), byteOf(row[at + 2]));
            case PALETTE -> entry(row[at]);
            case GRAY_ALPHA -> gray(row[at], byteOf(row[at + 1]));
            default -> argb(byteOf(row[at + 3]), byteOf(row[at]), byteOf(row[at + 1]), byteOf(row[at + 2]));
        };
    }

    private boolean isKey(int[] row, int at, int samples) {
        if (transparency.length < 2 * samples) {
            return false;
        }
        for (int i = 0; i < samples; i++) {
            if (row[at + i] != ((transparency[2 * i] & 0xff) << 8 | transparency[2 * i + 1] & 0xff)) {
                return false;
            }
        }
        return true;
    }

    /** Of 16 bits the upper 8, as of stills. */
    private int byteOf(int sample) {
        return bits == 16 ? sample >> 8 : sample * 255 / ((1 << bits) - 1);
    }

    private int gray(int sample, int alpha) {
        int value = byteOf(sample);
        return argb(alpha, value, value, value);
    }

    private int entry(int index) {
        if (3 * index + 2 >= palette.length) {
            return argb(OPAQUE, 0, 0, 0);
        }
        int alpha = index < transparency.length ? transparency[index] & 0xff : OPAQUE;
        return argb(alpha, palette[3 * index] & 0xff, palette[3 * index + 1] & 0xff, palette[3 * index + 2] & 0xff);
    }

    private static int argb(int alpha, int red, int green, int blue) {
        return alpha << 24 | red << 16 | green << 8 | blue;
    }
}
