package io.github.camelvlm.media;

/**
 * Reads the entropy-coded pictures of a lossless bitstream of WebP (RFC 9649, sections 3.6 and 3.7): its pixels, and the
 * small ones that hold what its transforms need. Pixels are 0xAARRGGBB.
 */
final class Vp8lPixels {
    private static final int LITERALS = 256;
    private static final int LENGTHS = 24;
    private static final int DISTANCES = 40;
    private static final int MAX_CACHE_BITS = 11;
    private static final int HASH = 0x1e35a7bd;

    /** The prefix codes of a picture may take this much, and a byte per pixel more; no encoder comes near it. */
    private static final long MAX_CODE_BYTES = 16L << 20;

    private final Vp8lBits bits;
    private final int width;
    private final int[] pixels;
    private final int cacheBits;
    private final int[] cache;
    private int blockBits;
    private int blockColumns;
    private int[] blocks;
    private Codes[] codes;

    /** The codes of one kind of block. */
    private record Codes(Vp8lCode green, Vp8lCode red, Vp8lCode blue, Vp8lCode alpha, Vp8lCode distance) {

        static Codes read(Vp8lBits bits, int cached) {
            return new Codes(
                    Vp8lCode.read(bits, LITERALS + LENGTHS + cached),
                    Vp8lCode.read(bits, LITERALS),
                    Vp8lCode.read(bits, LITERALS),
                    Vp8lCode.read(bits, LITERALS),
                    Vp8lCode.read(bits, DISTANCES));
        }

        int size() {
            return green.size() + red.size() + blue.size() + alpha.size() + distance.size();
        }
    }

    private Vp8lPixels(Vp8lBits bits, int width, int height, boolean small) {
        this.bits = bits;
        this.width = width;
        boolean cached = bits.flag();
        cacheBits = cached ? bits.number(4) : 0;
        if (cached && cacheBits == 0 || cacheBits > MAX_CACHE_BITS) {
            throw bits.damaged("its colour cache is too large or empty");
        }
        cache = new int[1 << cacheBits];
        readBlocks(height, small);
        pixels = new int[Math.multiplyExact(width, height)];
    }

    /**
     * Reads the picture that the pixels are made of.
     *
     * @throws ImageException if it is damaged or cut off
     */
    static int[] read(Vp8lBits bits, int width, int height) {
        return new Vp8lPixels(bits, width, height, false).read();
    }

    /** Reads one of the pictures that say how to treat blocks, or the colours of a palette. */
    static int[] readSmall(Vp8lBits bits, int width, int height) {
        return new Vp8lPixels(bits, width, height, true).read();
    }

    /** How many blocks of 2^bits pixels cover a side. */
    static int blocks(int side, int bits) {
        return side + (1 << bits) - 1 >> bits;
    }

    private void readBlocks(int height, boolean small) {
        int kinds = 1;
        blocks = new int[1];
        // One block holds all, unless the file says otherwise.
        blockBits = 14;
        blockColumns = 1;
        if (!small && bits.flag()) {
            blockBits = 2 + bits.number(3);
            blockColumns = blocks(width, blockBits);
            blocks = readSmall(bits, blockColumns, blocks(height, blockBits));
            for (int i = 0; i < blocks.length; i++) {
                blocks[i] = blocks[i] >> 8 & 0xffff;
                kinds = Math.max(kinds, blocks[i] + 1);
            }
        }
        readCodes(kinds, (long) width * height);
    }

    private void readCodes(int kinds, long room) {
        codes = new Codes[kinds];
        boolean[] used = new boolean[kinds];
        for (int kind : blocks) {
            used[kind] = true;
        }
        long size = 0;
        for (int i = 0; i < kinds; i++) {
            Codes read = Codes.read(bits, cacheBits == 0 ? 0 : cache.length);
            if (used[i]) {
                codes[i] = read;
                size += read.size();
            }
            if (size > MAX_CODE_BYTES + room) {
                throw bits.damaged("its prefix codes are larger than the picture");
            }
        }
    }

    private int[] read() {
        int at = 0;
        while (at < pixels.length) {
            int x = at % width;
            Codes block = codes[blocks[(at / width >> blockBits) * blockColumns + (x >> blockBits)]];
            // Codes change at the next block and row.
            int end = at + Math.min(width - x, (1 << blockBits) - (x & (1 << blockBits) - 1));
            while (at < end) {
                at = readNext(block, at);
            }
        }
        return pixels;
    }

    /** Reads one pixel or a run of them, and gives the place after it. */
    private int readNext(Codes block, int at) {
        int symbol = block.green.symbol(bits);
        if (symbol >= LITERALS + LENGTHS) {
            keep(at, cache[symbol - LITERALS - LENGTHS]);
            return at + 1;
        }
        if (symbol < LITERALS) {
            int red = block.red.symbol(bits);
            int blue = block.blue.symbol(bits);
            keep(at, block.alpha.symbol(bits) << 24 | red << 16 | symbol << 8 | blue);
            return at + 1;
        }
        int length = number(symbol - LITERALS);
        int distance = Vp8lDistances.pixels(number(block.distance.symbol(bits)), width);
        if (distance > at || length > pixels.length - at) {
            throw bits.damaged("it repeats pixels that it does not have");
        }
        for (int i = at; i < at + length; i++) {
            keep(i, pixels[i - distance]);
        }
        return at + length;
    }

    private void keep(int at, int pixel) {
        pixels[at] = pixel;
        if (cacheBits > 0) {
            cache[HASH * pixel >>> 32 - cacheBits] = pixel;
        }
    }

    /** The number that a symbol of lengths or distances and the bits behind it stand for (section 3.6.2.2). */
    private int number(int symbol) {
        if (symbol < 4) {
            return symbol + 1;
        }
        int extra = symbol - 2 >> 1;
        return (2 + (symbol & 1) << extra) + bits.number(extra) + 1;
    }
}
