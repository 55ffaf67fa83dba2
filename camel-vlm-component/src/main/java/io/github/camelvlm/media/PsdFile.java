package io.github.camelvlm.media;

/** A Photoshop document, of which the picture counts that its writer made of all layers. */
final class PsdFile implements PictureFile {
    static final String SIGNATURE = "8BPS\0\1";

    private static final int HEADER_BYTES = 26;
    private static final int PALETTE_BYTES = 768;
    private static final int GRAY = 1;
    private static final int PALETTE = 2;
    private static final int RGB = 3;
    private static final int CMYK = 4;
    private static final int MULTICHANNEL = 7;
    private static final int DUOTONE = 8;
    private static final int RUN_LENGTHS = 1;

    private final PictureBytes file;
    private final int channels;
    private final long height;
    private final long width;
    private final int bits;
    private final int mode;
    private final int bands;

    /** @throws ImageException if the header is cut off, or names colours that are not supported */
    PsdFile(PictureBytes file) {
        this.file = file;
        file.require(0, HEADER_BYTES);
        channels = file.u16(12, false);
        height = file.u32(14, false);
        width = file.u32(18, false);
        bits = file.u16(22, false);
        mode = file.u16(24, false);
        if (bits != 8 && bits != 16) {
            throw file.unsupported("a Photoshop document of " + bits + " bits per value");
        }
        bands = switch (mode) {
            case GRAY, PALETTE, MULTICHANNEL, DUOTONE -> 1;
            case RGB -> channels == 4 ? 4 : 3;
            case CMYK -> 4;
            default -> throw file.unsupported("a Photoshop document of L*a*b* or unknown colours");
        };
        if (channels < bands) {
            throw file.damaged("it has " + channels + " of " + bands + " channels");
        }
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
        return PictureFile.footprint(width, height, bands);
    }

    @Override
    public RgbImage decode() {
        int colourMap = HEADER_BYTES + 4;
        // Colours, resources and layers each tell their length.
        int at = HEADER_BYTES;
        for (int section = 0; section < 3; section++) {
            long length = file.u32(at, false);
            file.require(at, 4 + length);
            at += 4 + (int) length;
        }
        int compression = file.u16(at, false);
        if (compression > RUN_LENGTHS) {
            throw file.unsupported("a Photoshop document of deflated pixels");
        }
        byte[] pixels = compression == RUN_LENGTHS ? unpacked(at + 2) : plain(at + 2);
        Colours colours =
                switch (mode) {
                    case PALETTE -> Colours.table(palette(colourMap));
                    case RGB -> bands == 4 ? Colours.rgba(4, 0) : Colours.rgb(3, 0);
                    case CMYK -> this::inks;
                    default -> Colours.gray(1, 0);
                };
        return Colours.convert(pixels, (int) width, (int) height, bands, colours);
    }

    private byte[] plain(int start) {
        int valueBytes = bits / 8;
        int count = (int) (width * height);
        file.require(start, (long) count * bands * valueBytes);
        byte[] pixels = new byte[Math.multiplyExact(count, bands)];
        for (int band = 0; band < bands; band++) {
            for (int i = 0; i < count; i++) {
                pixels[bands * i + band] = file.bytes()[start + (band * count + i) * valueBytes];
            }
        }
        return pixels;
    }

    /** The rows of each channel are run lengths of their own; their sizes stand before all of them. */
    private byte[] unpacked(int start) {
        int valueBytes = bits / 8;
        file.require(start, 2L * channels * height);
        int from = start + (int) (2L * channels * height);
        byte[] pixels = new byte[Math.multiplyExact((int) (width * height), bands)];
        byte[] row = new byte[Math.multiplyExact((int) width, valueBytes)];
        for (int i = 0; i < bands * height; i++) {
            int length = file.u16(start + 2 * i, false);
            file.require(from, length);
            unpack(from, from + length, row);
            from += length;
            int to = (int) (i % height * width) * bands + (int) (i / height);
            for (int x = 0; x < width; x++) {
                pixels[to + bands * x] = row[valueBytes * x];
            }
        }
        return pixels;
    }

    private void unpack(int start, int end, byte[] row) {
        int from = start;
        int to = 0;
        while (to < row.length) {
            if (from >= end) {
                throw file.damaged("a row ends too early");
            }
            int count = file.bytes()[from++];
            if (count == -128) {
                continue;
            }
            boolean run = count < 0;
            int bytes = Math.min(row.length - to, run ? 1 - count : 1 + count);
            file.require(from, run ? 1 : bytes);
            for (int i = 0; i < bytes; i++) {
                row[to++] = file.bytes()[run ? from : from + i];
            }
            from += run ? 1 : bytes;
        }
    }

    /** Reds, then greens, then blues. */
    private int[] palette(int at) {
        file.require(at, PALETTE_BYTES);
        int size = PALETTE_BYTES / 3;
        int[] palette = new int[size];
        for (int i = 0; i < size; i++) {
            palette[i] = file.u8(at + i) << 16 | file.u8(at + size + i) << 8 | file.u8(at + 2 * size + i);
        }
        return palette;
    }

    /** 255 is no ink. */
    private void inks(int[] samples, int pixels, byte[] rgb, int at) {
        for (int i = 0; i < 4 * pixels; i++) {
            samples[i] = 255 - samples[i];
        }
        Colours.cmyk(4, 0).toRgb(samples, pixels, rgb, at);
    }
}
