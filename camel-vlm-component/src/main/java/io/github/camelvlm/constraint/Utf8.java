package io.github.camelvlm.constraint;

import io.github.camelvlm.grammar.CodePoints;
import java.util.ArrayList;
import java.util.List;

/** Writes ranges of characters as ranges of bytes. */
final class Utf8 {
    private static final int[] LAST_OF_LENGTH = {0x7F, 0x7FF, 0xFFFF, 0x10FFFF};

    private Utf8() {}

    /** Sequences of ranges, each as lowest and highest of the first byte, of the second, and so on. */
    static List<int[]> sequences(CodePoints set) {
        List<int[]> sequences = new ArrayList<>();
        int[] ranges = set.ranges();
        for (int i = 0; i < ranges.length; i += 2) {
            int first = ranges[i];
            for (int length = 1; length <= 4 && first <= ranges[i + 1]; length++) {
                int last = Math.min(ranges[i + 1], LAST_OF_LENGTH[length - 1]);
                if (first <= last) {
                    split(first, last, length, sequences);
                    first = last + 1;
                }
            }
        }
        return sequences;
    }

    /** Splits where a byte but the first would not run through all its values. */
    private static void split(int first, int last, int length, List<int[]> sequences) {
        for (int i = 1; i < length; i++) {
            int mask = (1 << 6 * i) - 1;
            if ((first & ~mask) != (last & ~mask)) {
                if ((first & mask) != 0) {
                    split(first, first | mask, length, sequences);
                    split((first | mask) + 1, last, length, sequences);
                    return;
                }
                if ((last & mask) != mask) {
                    split(first, (last & ~mask) - 1, length, sequences);
                    split(last & ~mask, last, length, sequences);
                    return;
                }
            }
        }
        int[] sequence = new int[2 * length];
        for (int i = 0; i < length; i++) {
            sequence[2 * i] = byteAt(first, i, length);
            sequence[2 * i + 1] = byteAt(last, i, length);
        }
        sequences.add(sequence);
    }

    private static int byteAt(int character, int index, int length) {
        int bits = character >> 6 * (length - 1 - index);
        if (index > 0) {
            return 0x80 | bits & 0x3F;
        }
        return switch (length) {
            case 1 -> bits;
            case 2 -> 0xC0 | bits;
            case 3 -> 0xE0 | bits;
            default -> 0xF0 | bits;
        };
    }
}
