package io.github.camelvlm.grammar;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** A set of characters, as Unicode's code points. Halves of surrogate pairs are none. */
public final class CodePoints {
    /** All characters. */
    public static final CodePoints ALL =
            new CodePoints(new int[] {0, Character.MIN_SURROGATE - 1, Character.MAX_SURROGATE + 1, 0x10FFFF});

    /** No character. */
    public static final CodePoints NONE = new CodePoints(new int[0]);

    /** First and last of each range, in order and apart. */
    private final int[] ranges;

    private CodePoints(int[] ranges) {
        this.ranges = ranges;
    }

    /** The characters of a text. */
    public static CodePoints of(String characters) {
        return characters
                .codePoints()
                .mapToObj(character -> range(character, character))
                .reduce(NONE, CodePoints::or);
    }

    /**
     * Characters that follow each other.
     *
     * @param first the first one
     * @param last the last one, which belongs to them
     */
    public static CodePoints range(int first, int last) {
        return first > last ? NONE : new CodePoints(new int[] {first, last}).and(ALL);
    }

    /** Many ranges at once, each of a first character and a last one, in order. */
    public static CodePoints ofRanges(List<int[]> ranges) {
        return new CodePoints(ranges.stream().flatMapToInt(Arrays::stream).toArray())
                .and(ALL)
                .or(NONE);
    }

    /** Those of either. */
    public CodePoints or(CodePoints other) {
        int[][] pairs = IntStream.range(0, ranges.length / 2 + other.ranges.length / 2)
                .mapToObj(i -> i < ranges.length / 2 ? pair(i) : other.pair(i - ranges.length / 2))
                .sorted((one, two) -> Integer.compare(one[0], two[0]))
                .toArray(int[][]::new);
        int[] merged = new int[2 * pairs.length];
        int size = 0;
        for (int[] pair : pairs) {
            if (size > 0 && pair[0] <= merged[size - 1] + 1) {
                merged[size - 1] = Math.max(merged[size - 1], pair[1]);
            } else {
                merged[size++] = pair[0];
                merged[size++] = pair[1];
            }
        }
        return new CodePoints(Arrays.copyOf(merged, size));
    }

    private int[] pair(int i) {
        return new int[] {ranges[2 * i], ranges[2 * i + 1]};
    }

    /** Those of both. */
    public CodePoints and(CodePoints other) {
        int[] common = new int[ranges.length + other.ranges.length];
        int size = 0;
        int mine = 0;
        int theirs = 0;
        while (mine < ranges.length && theirs < other.ranges.length) {
            int first = Math.max(ranges[mine], other.ranges[theirs]);
            int last = Math.min(ranges[mine + 1], other.ranges[theirs + 1]);
            if (first <= last) {
                common[size++] = first;
                common[size++] = last;
            }
            if (ranges[mine + 1] < other.ranges[theirs + 1]) {
                mine += 2;
            } else {
                theirs += 2;
            }
        }
        return new CodePoints(Arrays.copyOf(common, size));
    }

    /** All others. */
    public CodePoints not() {
        int[] gaps = new int[ranges.length + 2];
        int size = 0;
        int next = 0;
        for (int i = 0; i < ranges.length; i += 2) {
            if (next < ranges[i]) {
                gaps[size++] = next;
                gaps[size++] = ranges[i] - 1;
            }
            next = ranges[i + 1] + 1;
        }
        if (next <= Character.MAX_CODE_POINT) {
            gaps[size++] = next;
            gaps[size++] = Character.MAX_CODE_POINT;
        }
        return new CodePoints(Arrays.copyOf(gaps, size)).and(ALL);
    }

    /** Whether there is none. */
    public boolean isEmpty() {
        return ranges.length == 0;
    }

    /** Whether a character belongs to them. */
    public boolean contains(int character) {
        for (int i = 0; i < ranges.length; i += 2) {
            if (character >= ranges[i] && character <= ranges[i + 1]) {
                return true;
            }
        }
        return false;
    }

    /** First and last of each range, in order and apart. */
    public int[] ranges() {
        return ranges.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof CodePoints set && Arrays.equals(ranges, set.ranges);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(ranges);
    }

    @Override
    public String toString() {
        return IntStream.range(0, ranges.length / 2)
                .mapToObj(i -> String.format("%X-%X", ranges[2 * i], ranges[2 * i + 1]))
                .toList()
                .toString();
    }
}
