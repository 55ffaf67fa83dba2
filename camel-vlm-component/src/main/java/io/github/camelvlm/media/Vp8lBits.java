package io.github.camelvlm.media;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Numbers out of a lossless bitstream of WebP (RFC 9649, section 3.2), the lowest bit of each byte first. */
final class Vp8lBits {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final PictureBytes file;
    private final byte[] bytes;
    private final long end;
    private long at;

    /**
     * @param start the first byte in the file
     * @param end the byte after the last
     * @throws ImageException if they do not lie within the file
     */
    Vp8lBits(PictureBytes file, int start, int end) {
        file.require(start, (long) end - start);
        this.file = file;
        bytes = file.bytes();
        at = 8L * start;
        this.end = 8L * end;
    }

    /** The next bits, up to 32, which stay where they are; of those past the end nothing is promised. */
    int peek(int count) {
        int first = (int) (at >>> 3);
        long window = (first <= bytes.length - Long.BYTES ? (long) LONGS.get(bytes, first) : last(first)) >>> (at & 7);
        return (int) (window & (1L << count) - 1);
    }

    private long last(int first) {
        long window = 0;
        for (int i = bytes.length - 1; i >= first; i--) {
            window = window << 8 | bytes[i] & 0xff;
        }
        return window;
    }

    /** @throws ImageException if there are fewer bits left */
    void skip(int count) {
        at += count;
        if (at > end) {
            throw file.damaged("its compressed data end too early");
        }
    }

    /** @throws ImageException if there are fewer bits left */
    int number(int bits) {
        int number = peek(bits);
        skip(bits);
        return number;
    }

    /** @throws ImageException if there is no bit left */
    boolean flag() {
        return number(1) != 0;
    }

    /** Says of the picture that what was read has no meaning. */
    ImageException damaged(String what) {
        return file.damaged(what);
    }
}
