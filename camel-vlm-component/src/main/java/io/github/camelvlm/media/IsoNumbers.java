package io.github.camelvlm.media;

import java.io.IOException;
import java.io.OutputStream;

/** The numbers of a box, one after another. */
final class IsoNumbers {
    private final PictureBytes file;
    private final String box;
    private final int end;
    private int at;

    IsoNumbers(PictureBytes file, String box, int start, int end) {
        this.file = file;
        this.box = box;
        this.end = end;
        at = start;
    }

    /**
     * The next number.
     *
     * @param bytes how long it is, 0 to 8; a number of no bytes is 0
     * @throws ImageException if the box ends before
     */
    long next(int bytes) {
        skip(bytes);
        long value = 0;
        for (int i = at - bytes; i < at; i++) {
            value = value << 8 | file.u8(i);
        }
        return value;
    }

    int u8() {
        return (int) next(1);
    }

    int u16() {
        return (int) next(2);
    }

    long u32() {
        return next(4);
    }

    void skip(long bytes) {
        if (bytes < 0 || bytes > end - at) {
            if (end == file.length()) {
                throw file.cutOff();
            }
            throw file.damaged("its box " + box + " is too short");
        }
        at += (int) bytes;
    }

    /** Where the next number stands in the file. */
    int at() {
        return at;
    }

    /** Writes what was passed over since a place. */
    void write(int from, OutputStream out) throws IOException {
        out.write(file.bytes(), from, at - from);
    }

    int left() {
        return end - at;
    }
}
