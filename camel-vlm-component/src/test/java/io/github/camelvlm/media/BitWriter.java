package io.github.camelvlm.media;

import java.util.BitSet;

/** Writes numbers as the lossless bitstream of WebP has them, the lowest bit first. */
final class BitWriter {
    private final BitSet bits = new BitSet();
    private int count;

    BitWriter number(int value, int length) {
        for (int i = 0; i < length; i++) {
            bits.set(count++, (value >> i & 1) != 0);
        }
        return this;
    }

    /** The bits of a prefix code, its highest first. */
    BitWriter code(int code, int length) {
        return number(Integer.reverse(code) >>> 32 - length, length);
    }

    /** A prefix code in the short form, of one symbol, which then takes no bits. */
    BitWriter loneSymbol(int symbol) {
        return number(1, 1).number(0, 1).number(1, 1).number(symbol, 8);
    }

    /** A bitstream as the decoder takes it, with zeros up to the end of its last byte. */
    Vp8lBits toBits() {
        byte[] bytes = new byte[(count + 7) / 8];
        byte[] set = bits.toByteArray();
        System.arraycopy(set, 0, bytes, 0, set.length);
        return new Vp8lBits(new PictureBytes("cat.webp", bytes), 0, bytes.length);
    }
}
