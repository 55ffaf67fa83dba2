package io.github.camelvlm.media;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A box of the ISO base media format (ISO/IEC 14496-12), the container of HEIC and AVIF.
 *
 * @param file the file that it is in
 * @param type its four letters
 * @param start where its content begins
 * @param end where it ends, within the file
 */
record IsoBox(PictureBytes file, String type, int start, int end) {
    private static final int HEADER = 8;
    private static final int LARGE_HEADER = 16;
    /** In one box: a grid of the most tiles is an item each. */
    private static final int MOST_BOXES = 70_000;

    /** The boxes of a file. */
    static List<IsoBox> of(PictureBytes file) {
        return between(file, 0, file.length());
    }

    /**
     * The boxes in this one.
     *
     * @param skip how many bytes stand before them
     */
    List<IsoBox> boxes(int skip) {
        return between(file, Math.min(end, start + skip), end);
    }

    private static List<IsoBox> between(PictureBytes file, int start, int end) {
        List<IsoBox> boxes = new ArrayList<>();
        int at = start;
        while (at <= end - HEADER) {
            long size = file.u32(at, false);
            int header = HEADER;
            if (size == 1) {
                header = LARGE_HEADER;
                size = file.u64(at + HEADER, false);
            } else if (size == 0) {
                size = end - at;
            }
            String type = new String(file.bytes(), at + 4, 4, StandardCharsets.ISO_8859_1);
            if (size < header || size > end - at && end < file.length()) {
                throw file.damaged("its box " + shown(type) + " has a length of " + size);
            }
            // What is needed of a box that is cut off with the file is looked for when it is needed.
            int next = at + (int) Math.min(end - at, size);
            if (boxes.size() == MOST_BOXES) {
                throw file.damaged("it has more than " + MOST_BOXES + " boxes in one");
            }
            boxes.add(new IsoBox(file, type, Math.min(at + header, next), next));
            at = next;
        }
        return boxes;
    }

    /** The first of a type. */
    static Optional<IsoBox> first(List<IsoBox> boxes, String type) {
        return boxes.stream().filter(box -> box.type.equals(type)).findFirst();
    }

    /** How many bytes its content has. */
    int length() {
        return end - start;
    }

    /** Reads its content from the beginning. */
    IsoNumbers numbers() {
        return new IsoNumbers(file, shown(type), start, end);
    }

    /** Letters of a file for a sentence. */
    static String shown(String letters) {
        return letters.replaceAll("[^ -~]", "?");
    }
}
