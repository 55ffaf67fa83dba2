package io.github.camelvlm.media;

import java.util.Arrays;

/**
 * A prefix code of lossless WebP (RFC 9649, section 3.7.2.1): canonical, with codes of up to 15 bits. Short codes are
 * looked up in a table, longer ones are counted through, so that a code takes no more memory than its symbols do.
 */
final class Vp8lCode {
    private static final int MAX_LENGTH = 15;
    private static final int TABLE_BITS = 8;
    private static final char LONGER = 0xffff;
    private static final int LENGTH_BITS = 4;

    /** In which order the lengths of the code of lengths are written. */
    private static final int[] ORDER = {17, 18, 0, 1, 2, 3, 4, 5, 16, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};

    private static final int REPEAT_LAST = 16;
    private static final int REPEAT_ZERO = 17;
    private static final int FIRST_LAST = 8;

    private final int tableBits;
    /** Symbol and length by the next bits. */
    private final char[] table;
    /** How many codes have each length, and their symbols in the order of the codes; empty if all are in the table. */
    private final char[] counts;

    private final char[] symbols;

    /**
     * @param lengths of the code of each symbol, 0 for one that has none
     * @param alphabet how many symbols there are
     * @throws ImageException if the lengths make no complete code
     */
    private Vp8lCode(Vp8lBits bits, int[] lengths, int alphabet) {
        char[] used = new char[MAX_LENGTH + 1];
        for (int i = 0; i < alphabet; i++) {
            used[lengths[i]]++;
        }
        int all = alphabet - used[0];
        used[0] = 0;
        int longest = MAX_LENGTH;
        while (longest > 0 && used[longest] == 0) {
            longest--;
        }
        requireComplete(bits, used, all);
        char[] sorted = sort(lengths, alphabet, used, all);
        if (all == 1) {
            tableBits = 0;
            table = new char[] {(char) (sorted[0] << LENGTH_BITS)};
        } else {
            tableBits = Math.min(TABLE_BITS, longest);
            table = table(sorted, used, tableBits);
        }
        boolean whole = all == 1 || longest <= TABLE_BITS;
        counts = whole ? new char[0] : used;
        symbols = whole ? new char[0] : sorted;
    }

    /** A lone symbol takes no bits, whatever length it is given. */
    private static void requireComplete(Vp8lBits bits, char[] counts, int all) {
        int open = 1;
        for (int length = 1; length <= MAX_LENGTH && open >= 0; length++) {
            open = 2 * open - counts[length];
        }
        if (all == 0 || all > 1 && open != 0) {
            throw bits.damaged("one of its prefix codes is not complete");
        }
    }

    private static char[] sort(int[] lengths, int alphabet, char[] counts, int all) {
        int[] next = new int[MAX_LENGTH + 1];
        for (int length = 1; length < MAX_LENGTH; length++) {
            next[length + 1] = next[length] + counts[length];
        }
        char[] sorted = new char[all];
        for (int i = 0; i < alphabet; i++) {
            if (lengths[i] > 0) {
                sorted[next[lengths[i]]++] = (char) i;
            }
        }
        return sorted;
    }

    private static char[] table(char[] sorted, char[] counts, int bits) {
        char[] table = new char[1 << bits];
        Arrays.fill(table, LONGER);
        int symbol = 0;
        int code = 0;
        for (int length = 1; length <= bits; length++) {
            for (int i = 0; i < counts[length]; i++) {
                char entry = (char) (sorted[symbol++] << LENGTH_BITS | length);
                // The first bit of a code is its highest, and the lowest of those that come.
                for (int at = Integer.reverse(code++) >>> 32 - length; at < table.length; at += 1 << length) {
                    table[at] = entry;
                }
            }
            code <<= 1;
        }
        return table;
    }

    /**
     * Reads a code.
     *
     * @param alphabet how many symbols it has
     * @throws ImageException if it is not complete or cut off
     */
    static Vp8lCode read(Vp8lBits bits, int alphabet) {
        // The short form may name symbols up to 255 in a smaller alphabet, too.
        int[] lengths = new int[Math.max(256, alphabet)];
        if (bits.flag()) {
            boolean two = bits.flag();
            lengths[bits.number(bits.flag() ? 8 : 1)] = 1;
            if (two) {
                lengths[bits.number(8)] = 1;
            }
        } else {
            readLengths(bits, lengths, alphabet);
        }
        return new Vp8lCode(bits, lengths, alphabet);
    }

    private static void readLengths(Vp8lBits bits, int[] lengths, int alphabet) {
        int[] own = new int[ORDER.length];
        int written = 4 + bits.number(4);
        for (int i = 0; i < written; i++) {
            own[ORDER[i]] = bits.number(3);
        }
        Vp8lCode code = new Vp8lCode(bits, own, own.length);
        int left = bits.flag() ? 2 + bits.number(2 + 2 * bits.number(3)) : alphabet;
        if (left > alphabet) {
            throw bits.damaged("one of its prefix codes has too many symbols");
        }
        int last = FIRST_LAST;
        for (int symbol = 0; symbol < alphabet && left > 0; left--) {
            int length = code.symbol(bits);
            if (length < REPEAT_LAST) {
                lengths[symbol++] = length;
                last = length == 0 ? last : length;
                continue;
            }
            int times = length == REPEAT_LAST
                    ? 3 + bits.number(2)
                    : length == REPEAT_ZERO ? 3 + bits.number(3) : 11 + bits.number(7);
            if (times > alphabet - symbol) {
                throw bits.damaged("one of its prefix codes has too many symbols");
            }
            Arrays.fill(lengths, symbol, symbol + times, length == REPEAT_LAST ? last : 0);
            symbol += times;
        }
    }

    /** The next symbol. */
    int symbol(Vp8lBits bits) {
        char entry = table[bits.peek(tableBits)];
        if (entry == LONGER) {
            return longer(bits);
        }
        bits.skip(entry & (1 << LENGTH_BITS) - 1);
        return entry >> LENGTH_BITS;
    }

    private int longer(Vp8lBits bits) {
        int window = bits.peek(MAX_LENGTH);
        int index = 0;
        // How far the bits read so far lie behind the first code of their length.
        int offset = 0;
        int length = 0;
        do {
            index += counts[length];
            offset = 2 * (offset - counts[length]) + (window >> length & 1);
            length++;
        } while (offset >= counts[length]);
        bits.skip(length);
        return symbols[index + offset];
    }

    /** The memory that it takes, in bytes, about. */
    int size() {
        return 100 + 2 * (table.length + symbols.length);
    }
}
