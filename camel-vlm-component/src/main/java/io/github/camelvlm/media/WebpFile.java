package io.github.camelvlm.media;

import java.util.Arrays;

/**
 * A WebP file (RFC 9649), of which the first frame counts. What joins its bitstreams (alpha, the place of a frame) is done
 * here; {@link Vp8Frame} decodes the lossy ones and {@link Vp8lFrame} the lossless.
 */
final class WebpFile implements PictureFile {
    static final int FIRST_CHUNK = 12;
    static final int CHUNK_HEADER = 8;
    static final int FRAME_HEADER = 16;
    private static final int ALPHA_FLAG = 0x10;
    private static final int LOSSLESS_HEADER = 5;
    private static final int LOSSLESS_SIGNATURE = 0x2f;

    private final PictureBytes file;
    private final long width;
    private final long height;
    private final boolean extended;

    /** Where the data of a chunk lie. */
    private record Chunk(int at, int length) {

        int end() {
            return at + length;
        }
    }

    /** The first chunk of each kind: a picture's colours, either lossy or lossless, and what belongs to them, or null. */
    private static final class Parts {
        private Chunk lossy;
        private Chunk lossless;
        private Chunk alpha;
        private Chunk frame;
        private Chunk exif;
        private Chunk xmp;
    }

    /** @throws ImageException if the header is cut off or damaged */
    WebpFile(PictureBytes file) {
        this.file = file;
        int at = FIRST_CHUNK + CHUNK_HEADER;
        extended = file.has(FIRST_CHUNK, "VP8X");
        if (extended) {
            width = 1 + u24(at + 4);
            height = 1 + u24(at + 7);
        } else if (file.has(FIRST_CHUNK, "VP8L")) {
            width = losslessWidth(at);
            height = losslessHeight(at);
        } else if (file.has(FIRST_CHUNK, "VP8 ")) {
            width = lossyWidth(at);
            height = lossyHeight(at);
        } else if (file.length() < FIRST_CHUNK + 4) {
            throw file.cutOff();
        } else {
            throw file.damaged("it does not begin with a picture");
        }
    }

    private int u24(int at) {
        return file.u16(at, true) | file.u8(at + 2) << 16;
    }

    private int lossyWidth(int at) {
        return file.u16(at + 6, true) & 0x3fff;
    }

    private int lossyHeight(int at) {
        return file.u16(at + 8, true) & 0x3fff;
    }

    private int losslessWidth(int at) {
        return 1 + (int) (file.u32(at + 1, true) & 0x3fff);
    }

    private int losslessHeight(int at) {
        return 1 + (int) (file.u32(at + 1, true) >> 14 & 0x3fff);
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
        return orientation(readChunks(FIRST_CHUNK, (int) Math.min(file.length(), CHUNK_HEADER + file.u32(4, true))));
    }

    private int orientation(Parts parts) {
        Chunk exif = parts.exif;
        Chunk xmp = parts.xmp;
        int said = exif == null ? Orientation.UNKNOWN : Orientation.read(file, exif.at(), exif.length());
        return said == Orientation.UNKNOWN && xmp != null
                ? Orientation.fromXmp(Arrays.copyOfRange(file.bytes(), xmp.at(), xmp.end()))
                : said;
    }

    @Override
    public RgbImage decode() {
        long end = CHUNK_HEADER + file.u32(4, true);
        file.require(0, end);
        Parts parts = readChunks(FIRST_CHUNK, (int) end);
        RgbImage image =
                parts.frame == null ? decode(parts, (int) width, (int) height, true) : decodeFrame(parts.frame);
        return Orientation.apply(image, orientation(parts));
    }

    /** Reads where the chunks of a file or a frame are. */
    private Parts readChunks(int start, int end) {
        Parts found = new Parts();
        int at = start;
        while (at + CHUNK_HEADER <= end) {
            long length = file.u32(at + 4, true);
            Chunk chunk = new Chunk(at + CHUNK_HEADER, (int) length);
            if (length > end - chunk.at()) {
                throw file.damaged("a part is longer than the whole");
            }
            boolean coloured = found.lossy != null || found.lossless != null;
            if (file.has(at, "VP8 ") && !coloured) {
                found.lossy = chunk;
            } else if (file.has(at, "VP8L") && !coloured) {
                found.lossless = chunk;
            } else if (file.has(at, "ALPH") && found.alpha == null) {
                found.alpha = chunk;
            } else if (file.has(at, "ANMF") && found.frame == null) {
                found.frame = chunk;
            } else if (file.has(at, "EXIF") && found.exif == null) {
                found.exif = chunk;
            } else if (file.has(at, "XMP ") && found.xmp == null) {
                found.xmp = chunk;
            }
            // Chunks are padded to an even length; that of the last may be left out.
            at = (int) Math.min(end, chunk.at() + length + length % 2);
        }
        return found;
    }

    private RgbImage decodeFrame(Chunk frame) {
        if (frame.length() < FRAME_HEADER) {
            throw file.damaged("a frame has no header");
        }
        int left = 2 * u24(frame.at());
        int top = 2 * u24(frame.at() + 3);
        int frameWidth = 1 + u24(frame.at() + 6);
        int frameHeight = 1 + u24(frame.at() + 9);
        if ((long) left + frameWidth > width || (long) top + frameHeight > height) {
            throw file.damaged("a frame lies outside the picture");
        }
        Parts found = readChunks(frame.at() + FRAME_HEADER, frame.end());
        RgbImage image = decode(found, frameWidth, frameHeight, false);
        if (frameWidth == width && frameHeight == height) {
            return image;
        }
        return RgbCanvas.filled((int) width, (int) height, mayBeTransparent() ? 0xffffff : 0)
                .place(image, left, top)
                .image();
    }

    /**
     * The pixels of a frame by themselves, 0xAARRGGBB.
     *
     * @param at where its chunks begin
     * @param end where they end
     */
    int[] pixels(int at, int end, int columns, int rows) {
        Parts found = readChunks(at, end);
        if (found.lossless != null) {
            return losslessPixels(found.lossless, columns, rows);
        }
        byte[] rgb = lossy(found, columns, rows).rgb();
        byte[] alpha = found.alpha == null ? null : alpha(found.alpha, columns, rows);
        int[] pixels = new int[columns * rows];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (alpha == null ? 255 : alpha[i] & 0xff) << 24
                    | (rgb[3 * i] & 0xff) << 16
                    | (rgb[3 * i + 1] & 0xff) << 8
                    | rgb[3 * i + 2] & 0xff;
        }
        return pixels;
    }

    private RgbImage decode(Parts found, int columns, int rows, boolean still) {
        if (found.lossless != null) {
            return decodeLossless(found.lossless, columns, rows, still);
        }
        RgbImage image = lossy(found, columns, rows);
        if (found.alpha != null && mayBeTransparent()) {
            layOverWhite(image.rgb(), alpha(found.alpha, columns, rows));
        }
        return image;
    }

    private RgbImage lossy(Parts found, int columns, int rows) {
        if (found.lossy == null) {
            throw file.damaged("it has no pixels");
        }
        requireSize(lossyWidth(found.lossy.at()), lossyHeight(found.lossy.at()), columns, rows);
        return new Vp8Frame(file, found.lossy.at(), found.lossy.end()).decode();
    }

    /** Whether the file says of itself that alpha counts. A lossless still says so in a place of its own. */
    boolean mayBeTransparent() {
        return extended && (file.u8(FIRST_CHUNK + CHUNK_HEADER) & ALPHA_FLAG) != 0;
    }

    private RgbImage decodeLossless(Chunk chunk, int columns, int rows, boolean still) {
        int[] pixels = losslessPixels(chunk, columns, rows);
        boolean transparent = still ? (file.u32(chunk.at() + 1, true) >> 28 & 1) != 0 : mayBeTransparent();
        byte[] rgb = new byte[Math.multiplyExact(3, pixels.length)];
        for (int i = 0, to = 0; i < pixels.length; i++, to += 3) {
            int pixel = pixels[i];
            int alpha = transparent ? pixel >>> 24 : 255;
            int colour = Colours.overWhite(pixel >> 16 & 0xff, pixel >> 8 & 0xff, pixel & 0xff, alpha);
            rgb[to] = (byte) (colour >> 16);
            rgb[to + 1] = (byte) (colour >> 8);
            rgb[to + 2] = (byte) colour;
        }
        return new RgbImage(columns, rows, rgb);
    }

    private int[] losslessPixels(Chunk chunk, int columns, int rows) {
        int at = chunk.at();
        if (file.u8(at) != LOSSLESS_SIGNATURE || file.u32(at + 1, true) >> 29 != 0) {
            throw file.damaged("its lossless picture has no header");
        }
        requireSize(losslessWidth(at), losslessHeight(at), columns, rows);
        return Vp8lFrame.decode(new Vp8lBits(file, at + LOSSLESS_HEADER, chunk.end()), columns, rows);
    }

    private void requireSize(int columns, int rows, int declaredColumns, int declaredRows) {
        if (columns != declaredColumns || rows != declaredRows) {
            throw file.damaged("it declares " + declaredColumns + " × " + declaredRows + " pixels, but has " + columns
                    + " × " + rows);
        }
    }

    private static void layOverWhite(byte[] rgb, byte[] alpha) {
        for (int i = 0; i < rgb.length; i++) {
            rgb[i] = (byte) Colours.overWhite(rgb[i] & 0xff, alpha[i / 3] & 0xff);
        }
    }

    /** The alpha of a lossy picture: plain, or the green of a lossless one that lacks its header; then filtered. */
    private byte[] alpha(Chunk chunk, int columns, int rows) {
        if (chunk.length() < 1) {
            throw file.damaged("its transparency is empty");
        }
        int flags = file.u8(chunk.at());
        int start = chunk.at() + 1;
        byte[] alpha = new byte[columns * rows];
        switch (flags & 3) {
            case 0 -> {
                if (chunk.length() - 1 < alpha.length) {
                    throw file.damaged("its transparency is too short");
                }
                System.arraycopy(file.bytes(), start, alpha, 0, alpha.length);
            }
            case 1 -> {
                int[] pixels = Vp8lFrame.decode(new Vp8lBits(file, start, chunk.end()), columns, rows);
                for (int i = 0; i < alpha.length; i++) {
                    alpha[i] = (byte) (pixels[i] >> 8);
                }
            }
            default -> throw file.damaged("its transparency is of an unknown kind");
        }
        WebpAlphaFilter.undo(flags >> 2 & 3, alpha, columns);
        return alpha;
    }
}
