package io.github.camelvlm.media;

import java.util.Arrays;

/**
 * The coefficients of one macroblock (RFC 6386, section 13) and their inverse transforms (section 14). One object serves
 * a whole frame.
 */
final class Vp8Residuals {

    /** Blocks of 4 × 4 in a macroblock: 16 luma, 4 of each chroma. */
    static final int BLOCKS = 24;

    private static final int LUMA_AFTER_DC = 0;
    private static final int LUMA_DC = 1;
    private static final int CHROMA = 2;
    private static final int LUMA = 3;
    private static final int SIN = 35468;
    private static final int COS = 20091 + (1 << 16);

    /** Contexts of a macroblock: 4 luma columns (or rows), 2 of each chroma, and the DC of luma. */
    private static final int CONTEXTS = 9;

    private static final int DC_CONTEXT = 8;

    private final Vp8Header header;
    private final int[][] above;
    private final int[] left = new int[CONTEXTS];
    private final int[] coefficients = new int[16 * BLOCKS];
    private final int[] lumaDc = new int[16];

    Vp8Residuals(Vp8Header header, int columns) {
        this.header = header;
        above = new int[columns][CONTEXTS];
    }

    void startRow() {
        Arrays.fill(left, 0);
    }

    /** A macroblock without coefficients. The DC of luma keeps its context where the macroblock has none. */
    void skip(int column, boolean smallBlocks) {
        int kept = smallBlocks ? DC_CONTEXT : CONTEXTS;
        Arrays.fill(above[column], 0, kept, 0);
        Arrays.fill(left, 0, kept, 0);
    }

    /** Reads the coefficients of a macroblock; false if all are zero. */
    boolean read(Vp8Bits bits, int column, int segment, boolean smallBlocks) {
        Arrays.fill(coefficients, 0);
        Vp8Header.Steps steps = header.steps[segment];
        int[] top = above[column];
        boolean any = false;
        int first = 0;
        if (!smallBlocks) {
            Arrays.fill(lumaDc, 0);
            int context = top[DC_CONTEXT] + left[DC_CONTEXT];
            int end = readBlock(bits, LUMA_DC, context, 0, steps.luma2Dc(), steps.luma2Ac(), lumaDc, 0);
            top[DC_CONTEXT] = end > 0 ? 1 : 0;
            left[DC_CONTEXT] = top[DC_CONTEXT];
            spreadDc();
            first = 1;
        }
        for (int block = 0; block < BLOCKS; block++) {
            boolean luma = block < 16;
            int x = luma ? block % 4 : 4 + (block - 16) / 4 * 2 + block % 2;
            int y = luma ? block / 4 : 4 + (block - 16) / 4 * 2 + block / 2 % 2;
            int type = luma ? smallBlocks ? LUMA : LUMA_AFTER_DC : CHROMA;
            int start = luma ? first : 0;
            int dc = luma ? steps.lumaDc() : steps.chromaDc();
            int ac = luma ? steps.lumaAc() : steps.chromaAc();
            int end = readBlock(bits, type, top[x] + left[y], start, dc, ac, coefficients, 16 * block);
            top[x] = end > start ? 1 : 0;
            left[y] = top[x];
            any |= end > start;
        }
        return any || !smallBlocks && hasDc();
    }

    private boolean hasDc() {
        for (int i = 0; i < 16; i++) {
            if (coefficients[16 * i] != 0) {
                return true;
            }
        }
        return false;
    }

    /** Reads one block into {@code out}, and gives the place after its last coefficient. */
    private int readBlock(Vp8Bits bits, int type, int context, int first, int dc, int ac, int[] out, int at) {
        int n = first;
        int p = place(type, n, context);
        int[] table = header.coefficients;
        while (n < 16) {
            if (!bits.flag(table[p])) {
                return n;
            }
            while (!bits.flag(table[p + 1])) {
                n++;
                if (n == 16) {
                    return 16;
                }
                p = place(type, n, 0);
            }
            int value = 1;
            int next = 1;
            if (bits.flag(table[p + 2])) {
                value = largeValue(bits, table, p);
                next = 2;
            }
            int step = n == 0 ? dc : ac;
            out[at + Vp8Tables.ZIGZAG[n]] = (bits.flag() ? -value : value) * step;
            n++;
            p = place(type, n, next);
        }
        return 16;
    }

    private static int place(int type, int n, int context) {
        return ((type * 8 + Vp8Tables.BANDS[n]) * 3 + context) * Vp8Tables.PROBABILITIES;
    }

    private static int largeValue(Vp8Bits bits, int[] table, int p) {
        if (!bits.flag(table[p + 3])) {
            return bits.flag(table[p + 4]) ? 3 + bits.bit(table[p + 5]) : 2;
        }
        if (!bits.flag(table[p + 6])) {
            if (!bits.flag(table[p + 7])) {
                return 5 + bits.bit(159);
            }
            int high = bits.bit(165);
            return 7 + 2 * high + bits.bit(145);
        }
        int high = bits.bit(table[p + 8]);
        int category = 2 * high + bits.bit(table[p + 9 + high]);
        int extra = 0;
        for (int probability : Vp8Tables.EXTRA_BITS[category]) {
            extra = 2 * extra + bits.bit(probability);
        }
        return extra + 3 + (8 << category);
    }

    /** The inverse Walsh-Hadamard transform, which gives each luma block its DC (section 14.3). */
    private void spreadDc() {
        int[] half = new int[16];
        for (int i = 0; i < 4; i++) {
            int sum = lumaDc[i] + lumaDc[12 + i];
            int difference = lumaDc[i] - lumaDc[12 + i];
            int middleSum = lumaDc[4 + i] + lumaDc[8 + i];
            int middleDifference = lumaDc[4 + i] - lumaDc[8 + i];
            half[i] = sum + middleSum;
            half[4 + i] = difference + middleDifference;
            half[8 + i] = sum - middleSum;
            half[12 + i] = difference - middleDifference;
        }
        for (int i = 0; i < 16; i += 4) {
            int sum = half[i] + half[i + 3] + 3;
            int difference = half[i] - half[i + 3] + 3;
            int middleSum = half[i + 1] + half[i + 2];
            int middleDifference = half[i + 1] - half[i + 2];
            coefficients[16 * i] = sum + middleSum >> 3;
            coefficients[16 * (i + 1)] = difference + middleDifference >> 3;
            coefficients[16 * (i + 2)] = sum - middleSum >> 3;
            coefficients[16 * (i + 3)] = difference - middleDifference >> 3;
        }
    }

    /** Adds a block, transformed back (section 14.4), to its prediction in the plane. */
    void add(int block, Vp8Plane plane, int at) {
        int[] half = new int[16];
        int start = 16 * block;
        for (int i = 0; i < 4; i++) {
            int a = coefficients[start + i];
            int b = coefficients[start + 4 + i];
            int c = coefficients[start + 8 + i];
            int d = coefficients[start + 12 + i];
            int odd = (b * SIN >> 16) - (d * COS >> 16);
            int even = (b * COS >> 16) + (d * SIN >> 16);
            half[4 * i] = a + c + even;
            half[4 * i + 1] = a - c + odd;
            half[4 * i + 2] = a - c - odd;
            half[4 * i + 3] = a + c - even;
        }
        for (int row = 0; row < 4; row++) {
            int a = half[row] + 4;
            int b = half[4 + row];
            int c = half[8 + row];
            int d = half[12 + row];
            int odd = (b * SIN >> 16) - (d * COS >> 16);
            int even = (b * COS >> 16) + (d * SIN >> 16);
            int to = at + row * plane.stride;
            plane.set(to, plane.get(to) + (a + c + even >> 3));
            plane.set(to + 1, plane.get(to + 1) + (a - c + odd >> 3));
            plane.set(to + 2, plane.get(to + 2) + (a - c - odd >> 3));
            plane.set(to + 3, plane.get(to + 3) + (a + c - even >> 3));
        }
    }
}
