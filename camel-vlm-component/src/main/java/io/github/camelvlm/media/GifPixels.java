package io.github.camelvlm.media;

/**
 * The compressed pixels of one GIF frame (GIF89a specification, appendix F). The JDK's decoder refuses the code sizes
 * above 8 that some writers use, and does not tell pixels that are missing from black ones.
 */
final class GifPixels {
    private static final int MAX_BITS = 12;
    private static final int MAX_CODES = 1 << MAX_BITS;
    private static final int END_OF_DATA = -1;
    private static final int[] FIRST_ROWS = {0, 4, 2, 1};
    private static final int[] ROW_STEPS = {8, 8, 4, 2};

    private final PictureBytes file;
    private final int width;
    private final int height;
    private final boolean interlaced;
    private final byte[] indices;
    private int x;
    private int y;
    private int pass;

    private final int firstBits;
    private int at;
    private int blockEnd;
    private int bits;
    private int bitCount;

    private final short[] prefixes = new short[MAX_CODES];
    private final byte[] suffixes = new byte[MAX_CODES];
    private final byte[] string = new byte[MAX_CODES + 1];

    /** @param at where the code size stands, which leads the blocks */
    GifPixels(PictureBytes file, int at, int width, int height, boolean interlaced) {
        this.file = file;
        this.width = width;
        this.height = height;
        this.interlaced = interlaced;
        indices = new byte[Math.multiplyExact(width, height)];
        firstBits = file.u8(at);
        if (firstBits < 1 || firstBits >= MAX_BITS) {
            throw file.damaged("it declares codes of " + firstBits + " bits");
        }
        this.at = at + 1;
        blockEnd = this.at;
    }

    /**
     * The indices, row by row.
     *
     * @throws ImageException if the file or its data end before the last pixel, or a code means nothing
     */
    byte[] decode() {
        int clear = 1 << firstBits;
        int size = firstBits + 1;
        int next = clear + 2;
        int last = END_OF_DATA;
        int first = 0;
        while (y < height) {
            int code = code(size);
            if (code == END_OF_DATA || code == clear + 1) {
                throw file.damaged("its pixels end too early");
            }
            if (code == clear) {
                size = firstBits + 1;
                next = clear + 2;
                last = END_OF_DATA;
                continue;
            }
            if (code > next || code >= clear && last == END_OF_DATA) {
                throw file.damaged("its pixels hold a code that means nothing");
            }
            // A code that is about to be defined stands for the last string and its own first value.
            int length = code == next ? unfold(last, 1) : unfold(code, 0);
            if (code == next) {
                string[0] = string[length - 1];
            }
            first = string[length - 1];
            write(length);
            if (last != END_OF_DATA && next < MAX_CODES) {
                prefixes[next] = (short) last;
                suffixes[next] = (byte) first;
                next++;
                if (next == 1 << size && size < MAX_BITS) {
                    size++;
                }
            }
            last = code;
        }
        return indices;
    }

    /** Puts the string of a code, backwards, to {@code from} and on, and gives where it ends. */
    private int unfold(int code, int from) {
        int clear = 1 << firstBits;
        int length = from;
        int rest = code;
        while (rest >= clear) {
            string[length++] = suffixes[rest];
            rest = prefixes[rest];
        }
        string[length++] = (byte) rest;
        return length;
    }

    private void write(int length) {
        for (int i = length - 1; i >= 0 && y < height; i--) {
            indices[y * width + x] = string[i];
            if (++x == width) {
                x = 0;
                nextRow();
            }
        }
    }

    private void nextRow() {
        y += interlaced ? ROW_STEPS[pass] : 1;
        while (interlaced && y >= height && pass < ROW_STEPS.length - 1) {
            pass++;
            y = FIRST_ROWS[pass];
        }
    }

    private int code(int size) {
        while (bitCount < size) {
            if (at == blockEnd) {
                int length = file.u8(at);
                if (length == 0) {
                    return END_OF_DATA;
                }
                blockEnd = at + 1 + length;
                at++;
            }
            bits |= file.u8(at++) << bitCount;
            bitCount += 8;
        }
        int code = bits & (1 << size) - 1;
        bits >>>= size;
        bitCount -= size;
        return code;
    }
}
