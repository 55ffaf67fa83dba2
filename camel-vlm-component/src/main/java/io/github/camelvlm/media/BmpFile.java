package io.github.camelvlm.media;

/** A BMP file, or the bitmap of an icon. What its header says of the file's length is not asked. */
final class BmpFile implements PictureFile {
    static final String SIGNATURE = "BM";

    private static final int FILE_HEADER = 14;
    private static final int RED = 0;
    private static final int GREEN = 1;
    private static final int BLUE = 2;
    private static final int ALPHA = 3;

    private final PictureBytes file;
    private final BmpHeader header;
    private final int height;

    private final boolean icon;

    /** @throws ImageException if the header is cut off or damaged, or names what is not supported */
    BmpFile(PictureBytes file) {
        this.file = file;
        header = BmpHeader.read(file, FILE_HEADER, file.u32(10, true), false);
        height = (int) Math.min(Integer.MAX_VALUE, header.height());
        icon = false;
    }

    /**
     * The bitmap of an icon, which has no file header, and twice its height: the lower half are bits that hide pixels.
     *
     * @param at where it begins
     * @throws ImageException if the header is cut off or damaged, or names what is not supported
     */
    BmpFile(PictureBytes file, int at) {
        this.file = file;
        header = BmpHeader.read(file, at, 0, true);
        height = (int) Math.min(Integer.MAX_VALUE, header.height() / 2);
        icon = true;
    }

    private long rowBytes(int bits) {
        return (header.width() * bits + 31) / 32 * 4;
    }

    @Override
    public long width() {
        return header.width();
    }

    @Override
    public long height() {
        return height;
    }

    @Override
    public long decodingBytes() {
        return PictureFile.footprint(width(), height, 1);
    }

    @Override
    public RgbImage decode() {
        int width = (int) header.width();
        RgbCanvas canvas = RgbCanvas.filled(width, height, 0);
        byte[] rgb = canvas.image().rgb();
        if (header.compression() != BmpHeader.PLAIN) {
            readRunLengths(rgb);
        } else {
            // The bytes that fill up the last row may be left out.
            long rows = rowBytes(header.bits()) * (height - 1) + (header.width() * header.bits() + 7) / 8;
            file.require(header.pixelsAt(), rows);
            boolean alpha = hasAlpha();
            for (int y = 0; y < height; y++) {
                readRow(y, alpha, rgb, 3 * width * y);
            }
            if (icon && !alpha) {
                hide(rgb);
            }
        }
        return canvas.image();
    }

    private void readRunLengths(byte[] rgb) {
        int width = (int) header.width();
        byte[] indices = new BmpRunLengths(file, header).decode();
        for (int i = 0; i < indices.length; i++) {
            int y = i / width;
            write(colour(indices[i] & 0xff), rgb, 3 * (width * (header.topDown() ? y : height - 1 - y) + i % width));
        }
    }

    private int colour(int index) {
        return index < header.palette().length ? header.palette()[index] : 0;
    }

    private static void write(int colour, byte[] rgb, int at) {
        rgb[at] = (byte) (colour >> 16);
        rgb[at + 1] = (byte) (colour >> 8);
        rgb[at + 2] = (byte) colour;
    }

    private int rowAt(int y) {
        return (int) (header.pixelsAt() + rowBytes(header.bits()) * (header.topDown() ? y : height - 1 - y));
    }

    private void readRow(int y, boolean alpha, byte[] rgb, int start) {
        int bits = header.bits();
        int row = rowAt(y);
        for (int x = 0, to = start; x < header.width(); x++, to += 3) {
            if (bits <= 8) {
                int shift = 8 - bits - x * bits % 8;
                write(colour(file.u8(row + x * bits / 8) >> shift & (1 << bits) - 1), rgb, to);
                continue;
            }
            int pixel = pixel(row, x);
            int opacity = alpha ? value(pixel, ALPHA) : 255;
            rgb[to] = (byte) Colours.overWhite(value(pixel, RED), opacity);
            rgb[to + 1] = (byte) Colours.overWhite(value(pixel, GREEN), opacity);
            rgb[to + 2] = (byte) Colours.overWhite(value(pixel, BLUE), opacity);
        }
    }

    private int pixel(int row, int x) {
        int at = row + x * (header.bits() / 8);
        return switch (header.bits()) {
            case 16 -> file.u16(at, true);
            case 24 -> file.u16(at, true) | file.u8(at + 2) << 16;
            default -> (int) file.u32(at, true);
        };
    }

    /** The bits of a mask brought to 8 bits as Pillow does, rounding down. */
    private int value(int pixel, int band) {
        int mask = header.masks()[band];
        if (mask == 0) {
            return 0;
        }
        int shift = Integer.numberOfTrailingZeros(mask);
        return (int) (((pixel & mask) >>> shift) * 255L / (mask >>> shift));
    }

    /** Writers that know no alpha leave its bits 0 in all pixels, and do not mean that nothing is to be seen. */
    private boolean hasAlpha() {
        int mask = header.bits() > 8 ? header.masks()[ALPHA] : 0;
        for (int y = 0; y < height && mask != 0; y++) {
            int row = rowAt(y);
            for (int x = 0; x < header.width(); x++) {
                if ((pixel(row, x) & mask) != 0) {
                    return true;
                }
            }
        }
        return false;
    }

    /** The bits that hide pixels follow those; where they are missing, nothing is hidden. */
    private void hide(byte[] rgb) {
        int rowBytes = (int) rowBytes(1);
        long start = header.pixelsAt() + rowBytes(header.bits()) * height;
        if (start + (long) rowBytes * height > file.length()) {
            return;
        }
        for (int i = 0; i < rgb.length; i++) {
            int x = i / 3 % (int) header.width();
            int y = height - 1 - i / 3 / (int) header.width();
            if ((file.u8((int) start + y * rowBytes + x / 8) >> 7 - x % 8 & 1) != 0) {
                rgb[i] = (byte) 255;
            }
        }
    }
}
