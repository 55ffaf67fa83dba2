package io.github.camelvlm.media;

/** Pixels that are differences from what their neighbours let expect (RFC 9649, section 3.5.1). */
final class Vp8lPredictor implements Vp8lTransform {
    private static final int BLACK = 0xff000000;

    private final Vp8lBlocks modes;

    /** @param modes whose green says how pixels are predicted */
    Vp8lPredictor(Vp8lBlocks modes) {
        this.modes = modes;
    }

    @Override
    public int[] undo(int[] pixels) {
        int width = modes.width();
        pixels[0] = sum(pixels[0], BLACK);
        for (int i = 1; i < width; i++) {
            pixels[i] = sum(pixels[i], pixels[i - 1]);
        }
        for (int i = width; i < pixels.length; i++) {
            int x = i % width;
            int expected = x == 0 ? pixels[i - width] : predict(modes.at(x, i / width) >> 8 & 0xf, pixels, i, width);
            pixels[i] = sum(pixels[i], expected);
        }
        return pixels;
    }

    /** Right above the last of a row stands, as in memory, the first of the pixel's own row. */
    private static int predict(int mode, int[] pixels, int at, int width) {
        int left = pixels[at - 1];
        int above = pixels[at - width];
        int aboveLeft = pixels[at - width - 1];
        int aboveRight = pixels[at - width + 1];
        return switch (mode) {
            case 1 -> left;
            case 2 -> above;
            case 3 -> aboveRight;
            case 4 -> aboveLeft;
            case 5 -> average(average(left, aboveRight), above);
            case 6 -> average(left, aboveLeft);
            case 7 -> average(left, above);
            case 8 -> average(aboveLeft, above);
            case 9 -> average(above, aboveRight);
            case 10 -> average(average(left, aboveLeft), average(above, aboveRight));
            case 11 -> nearer(left, above, aboveLeft);
            case 12 -> slope(left, above, aboveLeft);
            case 13 -> halfSlope(average(left, above), aboveLeft);
            default -> BLACK;
        };
    }

    /** Each byte of {@code a} and {@code b} added, without carry. */
    static int sum(int a, int b) {
        return (a & 0xff00ff00) + (b & 0xff00ff00) & 0xff00ff00 | (a & 0xff00ff) + (b & 0xff00ff) & 0xff00ff;
    }

    private static int average(int a, int b) {
        return (((a ^ b) & 0xfefefefe) >>> 1) + (a & b);
    }

    /** Which of the two the sum of both less the corner comes nearer to. */
    private static int nearer(int left, int above, int corner) {
        int difference = 0;
        for (int shift = 0; shift < 32; shift += 8) {
            int c = corner >> shift & 0xff;
            difference += Math.abs((left >> shift & 0xff) - c) - Math.abs((above >> shift & 0xff) - c);
        }
        return difference > 0 ? left : above;
    }

    private static int slope(int left, int above, int corner) {
        int pixel = 0;
        for (int shift = 0; shift < 32; shift += 8) {
            pixel |= clamp((left >> shift & 0xff) + (above >> shift & 0xff) - (corner >> shift & 0xff)) << shift;
        }
        return pixel;
    }

    private static int halfSlope(int average, int corner) {
        int pixel = 0;
        for (int shift = 0; shift < 32; shift += 8) {
            int value = average >> shift & 0xff;
            pixel |= clamp(value + (value - (corner >> shift & 0xff)) / 2) << shift;
        }
        return pixel;
    }

    private static int clamp(int value) {
        return Math.max(0, Math.min(255, value));
    }
}
