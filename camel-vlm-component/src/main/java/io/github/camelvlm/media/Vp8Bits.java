package io.github.camelvlm.media;

/** The arithmetic decoder of VP8 (RFC 6386, section 7) over one partition. */
final class Vp8Bits {

    /** The range is brought to eight bits after each decision. */
    private static final int RANGE_ZEROS = 24;

    private final PictureBytes file;
    private final int end;
    private int at;
    private int value;
    private int range = 255;
    private int shifted;

    /** @throws ImageException if the partition does not lie within the file */
    Vp8Bits(PictureBytes file, int start, int end) {
        this.file = file;
        file.require(start, (long) end - start);
        this.at = start;
        this.end = end;
        value = next() << 8 | next();
    }

    /** Past the end, where the decoder reads ahead, are zeros. */
    private int next() {
        int next = at < end ? file.bytes()[at] & 0xff : 0;
        at++;
        return next;
    }

    /** Whether the next decision, which is false with {@code probability} of 256, is true. */
    boolean flag(int probability) {
        // The last byte decides as long as none of its bits were shifted out, as libwebp has it.
        if (at > end && (at > end + 1 || shifted > 0)) {
            throw file.damaged("its compressed data end too early");
        }
        int split = 1 + ((range - 1) * probability >> 8);
        boolean flag = value >= split << 8;
        if (flag) {
            range -= split;
            value -= split << 8;
        } else {
            range = split;
        }
        int shift = Integer.numberOfLeadingZeros(range) - RANGE_ZEROS;
        range <<= shift;
        value <<= shift;
        shifted += shift;
        if (shifted >= 8) {
            shifted -= 8;
            value |= next() << shifted;
        }
        return flag;
    }

    /** The same as 0 or 1. */
    int bit(int probability) {
        return flag(probability) ? 1 : 0;
    }

    boolean flag() {
        return flag(128);
    }

    /** A number of that many bits. */
    int number(int bits) {
        int number = 0;
        for (int i = 0; i < bits; i++) {
            number = number << 1 | bit(128);
        }
        return number;
    }

    /** A number of that many bits and its sign. */
    int signed(int bits) {
        int number = number(bits);
        return flag() ? -number : number;
    }

    /** A flag and, if it is true, a number with its sign; 0 otherwise. */
    int optionalSigned(int bits) {
        return flag() ? signed(bits) : 0;
    }
}
