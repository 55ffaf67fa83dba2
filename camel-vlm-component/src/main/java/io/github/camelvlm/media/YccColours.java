package io.github.camelvlm.media;

/** JFIF's luma and two colour differences to red, green and blue, in the 16-bit fixed point of libjpeg's jdcolor.c. */
final class YccColours {
    private static final int HALF = 1 << 15;
    private static final int CR_TO_RED = fixed(1.40200);
    private static final int CB_TO_BLUE = fixed(1.77200);
    private static final int CR_TO_GREEN = fixed(0.71414);
    private static final int CB_TO_GREEN = fixed(0.34414);

    private YccColours() {}

    private static int fixed(double factor) {
        return (int) (factor * (1 << 16) + 0.5);
    }

    /** Luma and the two differences, with nothing after them. */
    static Colours colours() {
        Colours opaque = Colours.rgb(3, 0);
        return (samples, pixels, rgb, at) -> {
            toRgb(samples, 3, pixels);
            opaque.toRgb(samples, pixels, rgb, at);
        };
    }

    /** Converts the first three bands of each pixel in place. */
    static void toRgb(int[] samples, int bands, int pixels) {
        for (int i = 0; i < bands * pixels; i += bands) {
            int luma = samples[i];
            int cb = samples[i + 1] - 128;
            int cr = samples[i + 2] - 128;
            samples[i] = clamp(luma + (CR_TO_RED * cr + HALF >> 16));
            samples[i + 1] = clamp(luma + (-CB_TO_GREEN * cb - CR_TO_GREEN * cr + HALF >> 16));
            samples[i + 2] = clamp(luma + (CB_TO_BLUE * cb + HALF >> 16));
        }
    }

    private static int clamp(int value) {
        return Math.max(0, Math.min(255, value));
    }
}
