package io.github.camelvlm.media;

/**
 * Pixels that are numbers of colours, several of them in one where there are few colours (RFC 9649, section 3.5.4). A
 * number past the last colour is transparent black.
 */
final class Vp8lPalette implements Vp8lTransform {
    private static final int MAX_COLOURS = 256;

    private final int[] colours = new int[MAX_COLOURS];
    private final int width;
    private final int height;
    /** 2^packing numbers stand in one. */
    private final int packing;

    /**
     * @param differences of each colour from the one before it
     * @param width columns of the picture, as is {@code height} rows
     */
    Vp8lPalette(int[] differences, int width, int height) {
        this.width = width;
        this.height = height;
        packing = differences.length > 16 ? 0 : differences.length > 4 ? 1 : differences.length > 2 ? 2 : 3;
        int last = 0;
        for (int i = 0; i < differences.length; i++) {
            last = Vp8lPredictor.sum(last, differences[i]);
            colours[i] = last;
        }
    }

    /** Columns of the picture that holds the numbers. */
    int packedWidth() {
        return Vp8lPixels.blocks(width, packing);
    }

    @Override
    public int[] undo(int[] packed) {
        int[] pixels = packing == 0 ? packed : new int[Math.multiplyExact(width, height)];
        int bits = 8 >> packing;
        int within = (1 << packing) - 1;
        int to = 0;
        for (int y = 0; y < height; y++) {
            int row = y * packedWidth();
            for (int x = 0; x < width; x++) {
                int numbers = packed[row + (x >> packing)] >> 8 & 0xff;
                pixels[to++] = colours[numbers >> (x & within) * bits & (1 << bits) - 1];
            }
        }
        return pixels;
    }
}
