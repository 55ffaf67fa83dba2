package io.github.camelvlm.media;

/** A Truevision TGA file, version 1 or 2. The format has no signature, so it is known by what its header must be. */
final class TgaFile implements PictureFile {
    private static final int HEADER_BYTES = 18;
    private static final int PALETTE = 1;
    private static final int RGB = 2;
    private static final int GRAY = 3;
    private static final int RUN_LENGTHS = 8;
    private static final int RIGHT_TO_LEFT = 0x10;
    private static final int TOP_DOWN = 0x20;
    private static final int RESERVED = 0xc0;
    private static final int FOOTER_BYTES = 26;
    private static final String FOOTER = "TRUEVISION-XFILE.\0";
    private static final int KIND_OF_ALPHA_AT = 494;

    private final PictureBytes file;
    private final int kind;
    private final boolean runLengths;
    private final int width;
    private final int height;
    private final int pixelBytes;
    private final int flags;

    /** Whether all of the header is as one of this format's. */
    static boolean begins(PictureBytes file) {
        if (file.length() < HEADER_BYTES) {
            return false;
        }
        int kind = file.u8(2) & ~RUN_LENGTHS;
        int bits = file.u8(16);
        boolean colours =
                switch (kind) {
                    case PALETTE -> bits == 8 && file.u8(1) == 1;
                    case RGB -> bits == 16 || bits == 24 || bits == 32;
                    case GRAY -> bits == 8 || bits == 16;
                    default -> false;
                };
        int entryBits = file.u8(7);
        boolean palette = file.u8(1) == 0 || file.u8(1) == 1 && (entryBits == 16 || entryBits == 24 || entryBits == 32);
        return colours && palette && file.u16(12, true) > 0 && file.u16(14, true) > 0 && (file.u8(17) & RESERVED) == 0;
    }

    /** @param file one that {@link #begins} */
    TgaFile(PictureBytes file) {
        this.file = file;
        kind = file.u8(2) & ~RUN_LENGTHS;
        runLengths = (file.u8(2) & RUN_LENGTHS) != 0;
        width = file.u16(12, true);
        height = file.u16(14, true);
        pixelBytes = file.u8(16) / 8;
        flags = file.u8(17);
    }

    @Override
    public long width() {
        return width;
    }

    @Override
    public long height() {
        return height;
    }

    @Override
    public long decodingBytes() {
        // The pixels as they stand in the file, and in order.
        return PictureFile.footprint(width, height, 2L * pixelBytes);
    }

    @Override
    public RgbImage decode() {
        int paletteAt = HEADER_BYTES + file.u8(0);
        int paletteBytes = file.u8(1) == 0 ? 0 : file.u16(5, true) * (file.u8(7) / 8);
        file.require(paletteAt, paletteBytes);
        byte[] pixels = pixels(paletteAt + paletteBytes);
        Colours colours =
                switch (kind) {
                    case PALETTE -> Colours.table(palette(paletteAt));
                    case GRAY -> pixelBytes == 1 ? Colours.gray(1, 0) : Colours.grayAlpha(0);
                    default -> colours(hasAlpha(pixels));
                };
        return Colours.convert(inOrder(pixels), width, height, pixelBytes, colours);
    }

    private byte[] pixels(int start) {
        byte[] pixels = new byte[Math.multiplyExact(width * pixelBytes, height)];
        if (!runLengths) {
            file.require(start, pixels.length);
            System.arraycopy(file.bytes(), start, pixels, 0, pixels.length);
            return pixels;
        }
        int from = start;
        int to = 0;
        while (to < pixels.length) {
            int packet = file.u8(from++);
            int bytes = Math.min(pixels.length - to, ((packet & 0x7f) + 1) * pixelBytes);
            boolean run = (packet & 0x80) != 0;
            file.require(from, run ? pixelBytes : bytes);
            for (int i = 0; i < bytes; i++) {
                pixels[to++] = file.bytes()[from + (run ? i % pixelBytes : i)];
            }
            from += run ? pixelBytes : bytes;
        }
        return pixels;
    }

    /** The pixels from left to right and from top to bottom. */
    private byte[] inOrder(byte[] pixels) {
        boolean mirrored = (flags & RIGHT_TO_LEFT) != 0;
        boolean topDown = (flags & TOP_DOWN) != 0;
        if (topDown && !mirrored) {
            return pixels;
        }
        byte[] ordered = new byte[pixels.length];
        for (int i = 0; i < width * height; i++) {
            int x = mirrored ? width - 1 - i % width : i % width;
            int y = topDown ? i / width : height - 1 - i / width;
            System.arraycopy(pixels, pixelBytes * i, ordered, pixelBytes * (y * width + x), pixelBytes);
        }
        return ordered;
    }

    /** Writers that know no alpha leave it 0, or say so in the part that a footer points to. */
    private boolean hasAlpha(byte[] pixels) {
        int footer = file.length() - FOOTER_BYTES;
        if (file.has(footer + 8, FOOTER)) {
            long extension = file.u32(footer, true);
            if (extension > 0
                    && extension < file.length() - KIND_OF_ALPHA_AT
                    && file.u8((int) extension + KIND_OF_ALPHA_AT) == 0) {
                return false;
            }
        }
        for (int i = pixelBytes - 1; pixelBytes != 3 && i < pixels.length; i += pixelBytes) {
            if (pixelBytes == 4 && pixels[i] != 0 || pixelBytes == 2 && pixels[i] >= 0) {
                return true;
            }
        }
        return false;
    }

    private Colours colours(boolean alpha) {
        return (samples, pixels, rgb, at) -> {
            for (int i = 0, from = 0, to = at; i < pixels; i++, from += pixelBytes, to += 3) {
                boolean packed = pixelBytes == 2;
                int colour = packed
                        ? ofFiveBits(samples[from] | samples[from + 1] << 8)
                        : samples[from + 2] << 16 | samples[from + 1] << 8 | samples[from];
                // The highest bit of 16 means transparent.
                int opacity = !alpha ? 255 : packed ? (samples[from + 1] & 0x80) == 0 ? 255 : 0 : samples[from + 3];
                int laid = Colours.overWhite(colour >> 16, colour >> 8 & 0xff, colour & 0xff, opacity);
                rgb[to] = (byte) (laid >> 16);
                rgb[to + 1] = (byte) (laid >> 8);
                rgb[to + 2] = (byte) laid;
            }
        };
    }

    /** 0xRRGGBB of three values of five bits, each rounded down as in Pillow. */
    private static int ofFiveBits(int value) {
        return (value >> 10 & 31) * 255 / 31 << 16 | (value >> 5 & 31) * 255 / 31 << 8 | (value & 31) * 255 / 31;
    }

    private int[] palette(int at) {
        int first = file.u16(3, true);
        int[] palette = new int[first + file.u16(5, true)];
        int entryBytes = file.u8(7) / 8;
        for (int i = first; i < palette.length; i++) {
            int entry = at + entryBytes * (i - first);
            palette[i] = entryBytes == 2
                    ? ofFiveBits(file.u16(entry, true))
                    : file.u8(entry + 2) << 16 | file.u8(entry + 1) << 8 | file.u8(entry);
        }
        return palette;
    }
}
