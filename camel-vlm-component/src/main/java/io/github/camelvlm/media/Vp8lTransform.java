package io.github.camelvlm.media;

/** A change of the pixels that an encoder makes so that they take less room (RFC 9649, section 3.5). */
@FunctionalInterface
interface Vp8lTransform {

    /** Gives the pixels as they were before it; may change those that it is given. */
    int[] undo(int[] pixels);

    /** Red and blue are differences from green (section 3.5.3). */
    static Vp8lTransform green() {
        return pixels -> {
            for (int i = 0; i < pixels.length; i++) {
                int green = pixels[i] >> 8 & 0xff;
                pixels[i] = pixels[i] & 0xff00ff00 | (pixels[i] & 0xff00ff) + (green << 16 | green) & 0xff00ff;
            }
            return pixels;
        };
    }

    /** Red and blue are differences from what green, and red, let expect, in each block otherwise (section 3.5.2). */
    static Vp8lTransform colour(Vp8lBlocks blocks) {
        return pixels -> {
            int width = blocks.width();
            for (int i = 0; i < pixels.length; i++) {
                int factors = blocks.at(i % width, i / width);
                int pixel = pixels[i];
                int green = pixel >> 8;
                int red = (pixel >> 16) + product(factors, green) & 0xff;
                int blue = pixel + product(factors >> 8, green) + product(factors >> 16, red) & 0xff;
                pixels[i] = pixel & 0xff00ff00 | red << 16 | blue;
            }
            return pixels;
        };
    }

    private static int product(int factor, int value) {
        return (byte) factor * (byte) value >> 5;
    }
}
