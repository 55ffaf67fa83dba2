package io.github.camelvlm.media;

/**
 * What stands before the pixels of a BMP file: Microsoft's BITMAPCOREHEADER, BITMAPINFOHEADER and its successors to
 * version 5, and those of OS/2 2.x, which may be cut short after any field.
 *
 * @param width columns
 * @param height rows
 * @param topDown whether the top row comes first
 * @param bits per pixel
 * @param compression {@link #PLAIN} (also where the pixels have masks), {@link #RLE8} or {@link #RLE4}
 * @param masks of the bits of red, green, blue and alpha in a pixel of more than 8 bits; none is 0
 * @param palette 0xRRGGBB of each index; empty for pixels of more than 8 bits
 * @param pixelsAt where the pixels begin
 */
record BmpHeader(
        long width,
        long height,
        boolean topDown,
        int bits,
        long compression,
        int[] masks,
        int[] palette,
        long pixelsAt) {
    static final long PLAIN = 0;
    static final long RLE8 = 1;
    static final long RLE4 = 2;

    private static final long BITFIELDS = 3;
    private static final long JPEG = 4;
    private static final long PNG = 5;
    private static final long ALPHA_BITFIELDS = 6;
    private static final int CORE_HEADER = 12;
    private static final int SHORTEST_OS2_HEADER = 16;
    private static final int INFO_HEADER = 40;
    private static final int OS2_HEADER = 64;
    private static final int[] MASKS_OF_15_BITS = {0x7c00, 0x3e0, 0x1f, 0};
    private static final int[] MASKS_OF_BYTES = {0xff0000, 0xff00, 0xff, 0};
    private static final int ALPHA_BYTE = 0xff000000;

    /**
     * Reads a header.
     *
     * @param at where it begins
     * @param declared where the pixels begin as the file header says, or 0
     * @param alpha whether the fourth byte of plain pixels is alpha, as in an icon
     * @throws ImageException if the header is cut off or damaged, or declares pixels of a kind that is not supported
     */
    static BmpHeader read(PictureBytes file, int at, long declared, boolean alpha) {
        long length = file.u32(at, true);
        file.require(at, length);
        boolean core = length == CORE_HEADER;
        if (!core && length < SHORTEST_OS2_HEADER) {
            throw file.damaged("its header has an unknown length");
        }
        int bits = file.u16(at + (core ? 10 : 14), true);
        long compression = core || length < 20 ? PLAIN : file.u32(at + 16, true);
        requireSupported(file, compression, length == OS2_HEADER, bits);
        boolean masked = compression == BITFIELDS || compression == ALPHA_BITFIELDS;
        // The masks follow the oldest header, and are a part of the later ones.
        int masksAfter = !masked || length > INFO_HEADER ? 0 : compression == ALPHA_BITFIELDS ? 16 : 12;
        long paletteAt = at + length + masksAfter;
        int entryBytes = core ? 3 : 4;
        long colours = core || length < 36 ? 0 : file.u32(at + 32, true);
        if (bits <= 8 && colours == 0) {
            colours = 1L << bits;
        }
        // A file header that points into what it leads knows nothing.
        long pixelsAt =
                declared > paletteAt || declared == paletteAt && bits > 8 ? declared : paletteAt + colours * entryBytes;
        long height = core ? file.u16(at + 6, true) : file.u32(at + 8, true);
        boolean topDown = !core && (int) height < 0;
        return new BmpHeader(
                core ? file.u16(at + 4, true) : file.u32(at + 4, true),
                topDown ? -(long) (int) height : height,
                topDown,
                bits,
                masked ? PLAIN : compression,
                masked ? masks(file, at, length + masksAfter, bits) : plainMasks(bits, alpha),
                bits > 8
                        ? new int[0]
                        : palette(
                                file,
                                paletteAt,
                                Math.min(pixelsAt, paletteAt + colours * entryBytes),
                                entryBytes,
                                bits),
                pixelsAt);
    }

    private static void requireSupported(PictureBytes file, long compression, boolean os2, int bits) {
        if (os2 && compression == BITFIELDS) {
            throw file.unsupported("a BMP with Huffman coding");
        }
        if (os2 && compression == JPEG) {
            throw file.unsupported("a BMP with run lengths of 24 bits");
        }
        if (compression == JPEG || compression == PNG) {
            throw file.unsupported("a BMP that holds a " + (compression == JPEG ? "JPEG" : "PNG"));
        }
        if (compression > ALPHA_BITFIELDS) {
            throw file.unsupported("a BMP of an unknown compression, number " + compression);
        }
        if (bits != 1 && bits != 2 && bits != 4 && bits != 8 && bits != 16 && bits != 24 && bits != 32) {
            throw file.unsupported("a BMP of " + bits + " bits per pixel");
        }
        if (compression == RLE8 && bits != 8 || compression == RLE4 && bits != 4) {
            throw file.damaged("it declares run lengths of pixels of " + bits + " bits");
        }
    }

    private static int[] plainMasks(int bits, boolean alpha) {
        int[] masks = (bits == 16 ? MASKS_OF_15_BITS : MASKS_OF_BYTES).clone();
        masks[3] = alpha && bits == 32 ? ALPHA_BYTE : 0;
        return masks;
    }

    private static int[] masks(PictureBytes file, int at, long length, int bits) {
        int[] masks = new int[4];
        for (int i = 0; i < masks.length && INFO_HEADER + 4 * (i + 1) <= length; i++) {
            masks[i] = (int) file.u32(at + INFO_HEADER + 4 * i, true);
        }
        return (masks[0] | masks[1] | masks[2]) == 0 ? plainMasks(bits, true) : masks;
    }

    private static int[] palette(PictureBytes file, long start, long end, int entryBytes, int bits) {
        int[] palette = new int[(int) Math.min(1 << bits, (end - start) / entryBytes)];
        for (int i = 0; i < palette.length; i++) {
            long entry = start + (long) entryBytes * i;
            file.require(entry, entryBytes);
            int at = (int) entry;
            palette[i] = file.u8(at + 2) << 16 | file.u8(at + 1) << 8 | file.u8(at);
        }
        return palette;
    }
}
