package io.github.camelvlm.video;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What of a film is decoded.
 *
 * @param parts stretches of its packets, ascending and apart from each other
 * @param times when the wanted pictures are shown, in units of the stream, ascending
 */
record FilmParts(List<Part> parts, long[] times) {

    /** A stretch of packets, counted from 0, from the first to the last one. */
    record Part(int first, int last) {
        Part with(Part other) {
            return new Part(Math.min(first, other.first), Math.max(last, other.last));
        }
    }

    /** An expression of ffmpeg's that is true for the packets outside, by their number {@code n}. */
    String isOutside() {
        return "not(" + isInside(parts) + ")";
    }

    /** In halves, since there is one for each of a hundred thousand packets. */
    private static String isInside(List<Part> parts) {
        if (parts.size() == 1) {
            return "between(n," + parts.get(0).first() + "," + parts.get(0).last() + ")";
        }
        int half = parts.size() / 2;
        return "if(lt(n," + parts.get(half).first() + ")," + isInside(parts.subList(0, half)) + ","
                + isInside(parts.subList(half, parts.size())) + ")";
    }

    /** An expression of ffmpeg's that is true for the wanted pictures, by their time {@code pts}. */
    String isWanted() {
        return Arrays.stream(times).mapToObj(time -> "eq(pts," + time + ")").collect(Collectors.joining("+"));
    }
}
