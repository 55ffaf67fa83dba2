package io.github.camelvlm.media;

import java.awt.image.Raster;

/**
 * Makes RGB of a row of samples as they stand in the file. Raster values are read directly, never through Java's colour
 * spaces, because those would apply a gamma or a profile that Pillow does not apply.
 */
@FunctionalInterface
interface Colours {

    /**
     * @param samples [pixels, bands]
     * @param pixels how many to convert
     * @param rgb where to write 3 bytes per pixel
     * @param at where the first of them goes
     */
    void toRgb(int[] samples, int pixels, byte[] rgb, int at);

    /** All of a raster as RGB. */
    static RgbImage convert(Raster raster, Colours colours) {
        int width = raster.getWidth();
        int height = raster.getHeight();
        byte[] rgb = new byte[Math.multiplyExact(3, Math.multiplyExact(width, height))];
        int[] row = new int[width * raster.getNumBands()];
        for (int y = 0; y < height; y++) {
            raster.getPixels(raster.getMinX(), raster.getMinY() + y, width, 1, row);
            colours.toRgb(row, width, rgb, 3 * y * width);
        }
        return new RgbImage(width, height, rgb);
    }

    /** All of an array of [height, width, bands] bytes as RGB. */
    static RgbImage convert(byte[] values, int width, int height, int bands, Colours colours) {
        byte[] rgb = new byte[Math.multiplyExact(3, Math.multiplyExact(width, height))];
        int[] row = new int[width * bands];
        for (int y = 0; y < height; y++) {
            for (int i = 0; i < row.length; i++) {
                row[i] = values[y * row.length + i] & 0xff;
            }
            colours.toRgb(row, width, rgb, 3 * y * width);
        }
        return new RgbImage(width, height, rgb);
    }

    /** One band of indices into a table of 0xRRGGBB; an index past its end is black. */
    static Colours table(int[] colours) {
        return table(colours, 1);
    }

    /** Bands index into a table of 0xRRGGBB, and more that are ignored; an index past its end is black. */
    static Colours table(int[] colours, int bands) {
        return (samples, pixels, rgb, at) -> {
            for (int i = 0, to = at; i < pixels; i++, to += 3) {
                int index = samples[bands * i];
                int colour = index < colours.length ? colours[index] : 0;
                rgb[to] = (byte) (colour >> 16);
                rgb[to + 1] = (byte) (colour >> 8);
                rgb[to + 2] = (byte) colour;
            }
        };
    }

    /** Bands index into a table of 0xRRGGBB, and alpha. */
    static Colours tableAlpha(int[] colours) {
        Colours opaque = table(colours, 2);
        return (samples, pixels, rgb, at) -> {
            opaque.toRgb(samples, pixels, rgb, at);
            for (int i = 0; i < 3 * pixels; i++) {
                rgb[at + i] = (byte) overWhite(rgb[at + i] & 0xff, samples[i / 3 * 2 + 1]);
            }
        };
    }

    /** Bands gray, and more that are ignored, the value shifted right to 8 bits. */
    static Colours gray(int bands, int shift) {
        return (samples, pixels, rgb, at) -> {
            for (int i = 0, to = at; i < pixels; i++, to += 3) {
                byte value = (byte) (samples[bands * i] >> shift);
                rgb[to] = value;
                rgb[to + 1] = value;
                rgb[to + 2] = value;
            }
        };
    }

    /** Bands gray and alpha. */
    static Colours grayAlpha(int shift) {
        return (samples, pixels, rgb, at) -> {
            for (int i = 0, to = at; i < pixels; i++, to += 3) {
                byte value = (byte) overWhite(samples[2 * i] >> shift, samples[2 * i + 1] >> shift);
                rgb[to] = value;
                rgb[to + 1] = value;
                rgb[to + 2] = value;
            }
        };
    }

    /** Bands red, green and blue, and more that are ignored. */
    static Colours rgb(int bands, int shift) {
        return (samples, pixels, rgb, at) -> {
            for (int i = 0, from = 0, to = at; i < pixels; i++, from += bands, to += 3) {
                rgb[to] = (byte) (samples[from] >> shift);
                rgb[to + 1] = (byte) (samples[from + 1] >> shift);
                rgb[to + 2] = (byte) (samples[from + 2] >> shift);
            }
        };
    }

    /** Bands red, green, blue and alpha, and more that are ignored. */
    static Colours rgba(int bands, int shift) {
        return (samples, pixels, rgb, at) -> {
            for (int i = 0, from = 0, to = at; i < pixels; i++, from += bands, to += 3) {
                int alpha = samples[from + 3] >> shift;
                for (int c = 0; c < 3; c++) {
                    rgb[to + c] = (byte) overWhite(samples[from + c] >> shift, alpha);
                }
            }
        };
    }

    /** Bands cyan, magenta, yellow and black, 0 meaning no ink, and more that are ignored; Pillow's plain formula. */
    static Colours cmyk(int bands, int shift) {
        return (samples, pixels, rgb, at) -> {
            for (int i = 0, from = 0, to = at; i < pixels; i++, from += bands, to += 3) {
                int white = 255 - (samples[from + 3] >> shift);
                for (int c = 0; c < 3; c++) {
                    int product = (samples[from + c] >> shift) * white + 128;
                    rgb[to + c] = (byte) Math.max(0, white - ((product >> 8) + product >> 8));
                }
            }
        };
    }

    /** 0xRRGGBB of a colour that is laid over white. */
    static int overWhite(int red, int green, int blue, int alpha) {
        return overWhite(red, alpha) << 16 | overWhite(green, alpha) << 8 | overWhite(blue, alpha);
    }

    /** A value of 8 bits laid over white, with the rounding of Pillow's {@code alpha_composite} over an opaque colour. */
    static int overWhite(int value, int alpha) {
        if (alpha == 0) {
            return 255;
        }
        int weight = alpha << 7;
        int sum = value * weight + 255 * ((255 << 7) - weight) + (0x80 << 7);
        return (sum >> 8) + sum >> 8 >> 7;
    }
}
