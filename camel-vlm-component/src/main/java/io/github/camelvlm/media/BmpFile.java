package io.github.camelvlm.media;

import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.awt.image.SinglePixelPackedSampleModel;
import java.io.IOException;
import javax.imageio.spi.ImageReaderSpi;

/** A BMP file (Microsoft's BITMAPCOREHEADER, BITMAPINFOHEADER and their successors). */
final class BmpFile implements PictureFile {
    static final String SIGNATURE = "BM";

    private static final ImageReaderSpi DECODER = Readers.ofJdk("bmp");
    private static final int CORE_HEADER = 12;
    private static final int PLAIN = 0;
    private static final int RLE8 = 1;
    private static final int RLE4 = 2;
    private static final int BITFIELDS = 3;

    /** Where a header of version 4 or 5 names its colour space, which may be a profile in another file. */
    private static final int COLOUR_SPACE_AT = 14 + 56;

    private static final byte[] SRGB = {'B', 'G', 'R', 's'};

    private final PictureBytes file;
    private final long headerBytes;
    private final long width;
    private final long height;
    private final int bits;
    private final long compression;

    /** @throws ImageException if the header is cut off or damaged */
    BmpFile(PictureBytes file) {
        this.file = file;
        headerBytes = file.u32(14, true);
        file.require(14, headerBytes);
        if (headerBytes == CORE_HEADER) {
            width = file.u16(18, true);
            height = file.u16(20, true);
            bits = file.u16(24, true);
            compression = PLAIN;
        } else if (headerBytes >= 40 && headerBytes <= 124) {
            width = file.u32(18, true);
            // A negative height means that the top row comes first.
            height = Math.abs((long) (int) file.u32(22, true));
            bits = file.u16(28, true);
            compression = file.u32(30, true);
        } else {
            throw file.damaged("its header has an unknown length");
        }
    }

    private void requirePixels() {
        long pixels;
        if (compression == PLAIN || compression == BITFIELDS) {
            pixels = (width * bits + 31) / 32 * 4 * height;
        } else if (compression == RLE8 || compression == RLE4) {
            pixels = file.u32(34, true);
        } else {
            throw file.unsupported("a BMP of compression " + compression);
        }
        file.require(file.u32(10, true), pixels);
        if (headerBytes != CORE_HEADER && file.u32(46, true) > 256) {
            throw file.damaged("it declares too many colours");
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
    public RgbImage decode() throws IOException {
        requirePixels();
        byte[] bare = file.bytes();
        if (headerBytes >= 108) {
            bare = bare.clone();
            System.arraycopy(SRGB, 0, bare, COLOUR_SPACE_AT, SRGB.length);
        }
        BufferedImage image = Readers.read(DECODER, bare);
        Raster raster = image.getRaster();
        if (bits <= 8) {
            return Colours.convert(raster, Colours.table(palette()));
        }
        Colours colours = image.getColorModel().hasAlpha() ? Colours.rgba(4, 0) : Colours.rgb(raster.getNumBands(), 0);
        if (raster.getSampleModel() instanceof SinglePixelPackedSampleModel packed) {
            colours = widened(packed.getSampleSize(), colours);
        }
        return Colours.convert(raster, colours);
    }

    /** The colours that stand after the header; the decoder's own would hide whether it took them for grays. */
    private int[] palette() {
        int entryBytes = headerBytes == CORE_HEADER ? 3 : 4;
        long declared = headerBytes == CORE_HEADER ? 0 : file.u32(46, true);
        int[] palette = new int[declared == 0 ? 1 << bits : (int) declared];
        for (int i = 0; i < palette.length; i++) {
            int at = 14 + (int) headerBytes + entryBytes * i;
            palette[i] = file.u8(at + 2) << 16 | file.u8(at + 1) << 8 | file.u8(at);
        }
        return palette;
    }

    /** Values of 5 or 6 bits brought to 8 bits as Pillow does, rounding down. */
    private static Colours widened(int[] sizes, Colours colours) {
        return (samples, pixels, rgb, at) -> {
            for (int i = 0; i < sizes.length * pixels; i++) {
                int most = (1 << sizes[i % sizes.length]) - 1;
                samples[i] = most == 0 ? 255 : samples[i] * 255 / most;
            }
            colours.toRgb(samples, pixels, rgb, at);
        };
    }
}
