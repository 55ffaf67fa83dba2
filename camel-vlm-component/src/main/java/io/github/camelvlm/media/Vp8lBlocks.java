package io.github.camelvlm.media;

/**
 * A number for each square block of a picture's pixels.
 *
 * @param values [rows, columns]
 * @param columns blocks in a row
 * @param bits 2^bits pixels are a block's side
 * @param width columns of the picture
 */
record Vp8lBlocks(int[] values, int columns, int bits, int width) {

    /** The number of the block that a pixel belongs to. */
    int at(int x, int y) {
        return values[(y >> bits) * columns + (x >> bits)];
    }
}
