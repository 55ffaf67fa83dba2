package io.github.camelvlm.media;

import java.util.Arrays;

/**
 * One of the three planes of a VP8 frame, with the row above and the column to the left that prediction sees at the
 * frame's edges (RFC 6386, section 12.2).
 */
final class Vp8Plane {
    private static final int BORDER = 1;

    /** Pixels right of the frame that prediction from above reads. */
    private static final int RIGHT_BORDER = 4;

    private static final byte ABOVE = 127;
    private static final byte LEFT = (byte) 129;

    final int stride;
    final byte[] values;

    /** @param width a multiple of the block's size, as is {@code height} */
    Vp8Plane(int width, int height) {
        stride = BORDER + width + RIGHT_BORDER;
        values = new byte[Math.multiplyExact(stride, BORDER + height)];
        Arrays.fill(values, 0, stride, ABOVE);
        for (int y = BORDER; y <= height; y++) {
            values[y * stride] = LEFT;
        }
    }

    /** Where the value of a column and a row stands. */
    int at(int x, int y) {
        return (y + BORDER) * stride + x + BORDER;
    }

    /** Repeats the last value of a row in the border on its right; the row above the frame has its own. */
    void extendRight(int y) {
        if (y >= 0) {
            int end = (y + BORDER + 1) * stride - RIGHT_BORDER;
            Arrays.fill(values, end, end + RIGHT_BORDER, values[end - 1]);
        }
    }

    int get(int at) {
        return values[at] & 0xff;
    }

    void set(int at, int value) {
        values[at] = (byte) Math.max(0, Math.min(255, value));
    }
}
