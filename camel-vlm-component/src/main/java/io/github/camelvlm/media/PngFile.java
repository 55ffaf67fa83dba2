package io.github.camelvlm.media;

import java.awt.image.Raster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32;
import javax.imageio.spi.ImageReaderSpi;

/**
 * A PNG file (W3C Portable Network Graphics, third edition). The decoder gets the chunks that hold pixels and none of
 * the others, some of which can inflate to gigabytes.
 */
final class PngFile implements PictureFile {
    static final String SIGNATURE = "\u0089PNG\r\n\u001a\n";

    private static final ImageReaderSpi DECODER = Readers.ofJdk("png");
    private static final int GRAY = 0;
    private static final int RGB = 2;
    private static final int PALETTE = 3;
    private static final int GRAY_ALPHA = 4;
    private static final int RGB_ALPHA = 6;

    private final PictureBytes file;
    private final ByteArrayOutputStream bare = new ByteArrayOutputStream();
    private final long width;
    private final long height;
    private final int bits;
    private final int colourType;
    private int[] palette = {};
    private byte[] transparency;
    private boolean endIsMissing;
    private final PngOrientation orientation = new PngOrientation();

    /** @throws ImageException if its header is cut off or damaged */
    PngFile(PictureBytes file) {
        this.file = file;
        if (file.length() < 33) {
            throw file.cutOff();
        }
        if (file.has(12, "CgBI")) {
            throw file.unsupported("a PNG in Apple's own form (CgBI)");
        }
        if (!file.has(12, "IHDR") || file.u32(8, false) != 13) {
            throw file.damaged("it does not begin with its header");
        }
        width = file.u32(16, false);
        height = file.u32(20, false);
        bits = file.u8(24);
        colourType = file.u8(25);
    }

    private void readChunks() {
        bare.write(file.bytes(), 0, 8);
        int at = 8;
        boolean pixels = false;
        while (!file.has(at + 4, "IEND")) {
            pixels |= file.has(at + 4, "IDAT");
            if (at + 8 > file.length() || file.u32(at, false) > file.length() - at - 12) {
                requirePixels(pixels);
                readCutChunk(at);
                break;
            }
            int length = (int) file.u32(at, false);
            readChunk(at, length);
            at += length + 12;
        }
        if (!pixels) {
            throw file.damaged("it has no pixels");
        }
        writeChunk("IEND", 8, 0);
    }

    /** Where the file ends early, all pixels may have come before; whether they did, the decoder finds. */
    private void readCutChunk(int at) {
        endIsMissing = true;
        if (file.has(at + 4, "IDAT")) {
            writeChunk("IDAT", at + 8, Math.min(file.length() - at - 8, (int)
                    Math.min(Integer.MAX_VALUE, file.u32(at, false))));
        }
    }

    private void requirePixels(boolean pixels) {
        if (!pixels) {
            throw file.cutOff();
        }
    }

    private void readChunk(int at, int length) {
        int data = at + 8;
        if (file.has(at + 4, "IHDR") || file.has(at + 4, "IDAT")) {
            keep(at, length);
        } else if (file.has(at + 4, "PLTE")) {
            keep(at, length);
            palette = new int[length / 3];
            for (int i = 0; i < palette.length; i++) {
                palette[i] = file.u8(data + 3 * i) << 16 | file.u8(data + 3 * i + 1) << 8 | file.u8(data + 3 * i + 2);
            }
        } else if (file.has(at + 4, "tRNS")) {
            transparency = Arrays.copyOfRange(file.bytes(), data, data + length);
        } else if (file.has(at + 4, "eXIf")) {
            orientation.exif(Orientation.read(file, data, length));
        } else if (file.has(at + 4, "tEXt") || file.has(at + 4, "zTXt") || file.has(at + 4, "iTXt")) {
            orientation.text(file, at + 4, length);
        }
    }

    private void keep(int at, int length) {
        CRC32 crc = new CRC32();
        crc.update(file.bytes(), at + 4, length + 4);
        if (crc.getValue() != file.u32(at + 8 + length, false)) {
            throw file.damaged("the checksum of a part is wrong");
        }
        bare.write(file.bytes(), at, length + 12);
    }

    private void writeChunk(String kind, int data, int length) {
        ByteBuffer ends = ByteBuffer.allocate(12).putInt(length).put(kind.getBytes(StandardCharsets.US_ASCII));
        CRC32 crc = new CRC32();
        crc.update(ends.array(), 4, 4);
        crc.update(file.bytes(), data, length);
        bare.write(ends.array(), 0, 8);
        bare.write(file.bytes(), data, length);
        bare.write(ends.putInt((int) crc.getValue()).array(), 8, 4);
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
    public int orientation() {
        readChunks();
        return orientation.value();
    }

    @Override
    public long decodingBytes() {
        int samples =
                switch (colourType) {
                    case RGB -> 3;
                    case GRAY_ALPHA -> 2;
                    case RGB_ALPHA -> 4;
                    default -> 1;
                };
        return PictureFile.footprint(width, height, bits == 16 ? 2 * samples : samples);
    }

    @Override
    public RgbImage decode() throws IOException {
        readChunks();
        return Orientation.apply(Colours.convert(raster(), colours()), orientation.value());
    }

    private Raster raster() throws IOException {
        try {
            return Readers.read(DECODER, file.with(bare.toByteArray())).getRaster();
        } catch (IOException e) {
            if (endIsMissing) {
                throw ImageException.cutOff(file.name(), file.length(), e);
            }
            throw e;
        }
    }

    private Colours colours() {
        int shift = bits == 16 ? 8 : 0;
        return switch (colourType) {
            // Pillow drops the transparent value of 16-bit gray when that is brought to 8 bits.
            case GRAY -> bits == 16 ? Colours.gray(1, 8) : Colours.table(grays());
            case RGB -> transparency == null || transparency.length < 6 ? Colours.rgb(3, shift) : keyed(shift);
            case PALETTE -> Colours.table(paletteOverWhite());
            case GRAY_ALPHA -> Colours.grayAlpha(shift);
            case RGB_ALPHA -> Colours.rgba(4, shift);
            default -> throw file.damaged("it has an unknown kind of colour");
        };
    }

    /** Values of 1, 2, 4 or 8 bits as grays; the transparent one is white. */
    private int[] grays() {
        int[] grays = new int[1 << bits];
        int transparent = transparency == null || transparency.length < 2 ? -1 : key(0);
        if (bits == 1 && transparent >= 0) {
            transparent = transparent == 0 ? 0 : 255;
        }
        for (int i = 0; i < grays.length; i++) {
            int value = i * 255 / (grays.length - 1);
            // As in Pillow, the transparent value is compared with the one brought to 8 bits.
            grays[i] = value == transparent ? 0xffffff : value * 0x010101;
        }
        return grays;
    }

    private int[] paletteOverWhite() {
        int[] colours = palette.clone();
        for (int i = 0; transparency != null && i < Math.min(colours.length, transparency.length); i++) {
            int c = colours[i];
            colours[i] = Colours.overWhite(c >> 16, c >> 8 & 0xff, c & 0xff, transparency[i] & 0xff);
        }
        return colours;
    }

    /** Red, green and blue, of which one colour is transparent: white. Of 16-bit keys Pillow compares the low bytes. */
    private Colours keyed(int shift) {
        int red = key(0) & 0xff;
        int green = key(2) & 0xff;
        int blue = key(4) & 0xff;
        Colours opaque = Colours.rgb(3, shift);
        return (samples, pixels, rgb, at) -> {
            for (int i = 0; i < 3 * pixels; i += 3) {
                if (samples[i] >> shift == red && samples[i + 1] >> shift == green && samples[i + 2] >> shift == blue) {
                    Arrays.fill(samples, i, i + 3, 255 << shift);
                }
            }
            opaque.toRgb(samples, pixels, rgb, at);
        };
    }

    private int key(int at) {
        return (transparency[at] & 0xff) << 8 | transparency[at + 1] & 0xff;
    }
}
