package io.github.camelvlm.media;

import com.twelvemonkeys.imageio.plugins.webp.WebPImageReaderSpi;
import java.awt.image.Raster;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import javax.imageio.spi.ImageReaderSpi;

/**
 * A WebP file (RFC 9649), of which the first frame counts. Lossless bitstreams are given
 * to the decoder one by one, each in a file of its own; what joins them (alpha, the place of a frame) is done here.
 */
final class WebpFile implements PictureFile {
    private static final ImageReaderSpi DECODER = new WebPImageReaderSpi();
    private static final int FIRST_CHUNK = 12;
    private static final int CHUNK_HEADER = 8;
    private static final int FRAME_HEADER = 16;
    private static final int ALPHA_FLAG = 0x10;
    private static final int LOSSLESS_SIGNATURE = 0x2f;

    private final PictureBytes file;
    private final long width;
    private final long height;
    private final boolean extended;
    private int orientation = Orientation.UPRIGHT;

    /** Where the data of a chunk lie. */
    private record Chunk(int at, int length) {}

    /** The chunks of one picture: its colours, lossy or lossless, and perhaps its alpha. */
    private static final class Bitstreams {
        private Chunk lossy;
        private Chunk lossless;
        private Chunk alpha;
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
        readChunks(FIRST_CHUNK, (int) Math.min(file.length(), CHUNK_HEADER + file.u32(4, true)), new Bitstreams());
        return orientation;
    }

    @Override
    public RgbImage decode() throws IOException {
        long end = CHUNK_HEADER + file.u32(4, true);
        file.require(0, end);
        Bitstreams still = new Bitstreams();
        Chunk frame = readChunks(FIRST_CHUNK, (int) end, still);
        RgbImage image = frame == null ? decode(still, (int) width, (int) height) : decodeFrame(frame);
        return Orientation.apply(image, orientation);
    }

    /** Reads the chunks of a file or a frame, and gives the first frame of an animation, or null if there is none. */
    private Chunk readChunks(int start, int end, Bitstreams found) {
        Chunk frame = null;
        int at = start;
        while (at + CHUNK_HEADER <= end) {
            long length = file.u32(at + 4, true);
            Chunk chunk = new Chunk(at + CHUNK_HEADER, (int) length);
            if (length > end - chunk.at()) {
                throw file.damaged("a part is longer than the whole");
            }
            if (file.has(at, "VP8 ") && found.lossy == null) {
                found.lossy = chunk;
            } else if (file.has(at, "VP8L") && found.lossless == null) {
                found.lossless = chunk;
            } else if (file.has(at, "ALPH") && found.alpha == null) {
                found.alpha = chunk;
            } else if (file.has(at, "ANMF") && frame == null) {
                frame = chunk;
            } else if (file.has(at, "EXIF")) {
                orientation = Orientation.read(file, chunk.at(), chunk.length());
            }
            // Chunks are padded to an even length; that of the last may be left out.
            at = (int) Math.min(end, chunk.at() + length + length % 2);
        }
        return frame;
    }

    private RgbImage decodeFrame(Chunk frame) throws IOException {
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
        Bitstreams found = new Bitstreams();
        readChunks(frame.at() + FRAME_HEADER, frame.at() + frame.length(), found);
        RgbImage image = decode(found, frameWidth, frameHeight);
        if (frameWidth == width && frameHeight == height) {
            return image;
        }
        boolean transparent = (file.u8(FIRST_CHUNK + CHUNK_HEADER) & ALPHA_FLAG) != 0;
        return RgbCanvas.filled((int) width, (int) height, transparent ? 0xffffff : 0)
                .place(image, left, top)
                .image();
    }

    private RgbImage decode(Bitstreams found, int columns, int rows) throws IOException {
        if (found.lossless != null) {
            int at = found.lossless.at();
            requireSize(losslessWidth(at), losslessHeight(at), columns, rows);
            Raster raster = decodeLossless(data(found.lossless));
            int bands = raster.getNumBands();
            return Colours.convert(raster, bands == 4 ? Colours.rgba(4, 0) : Colours.rgb(3, 0));
        }
        if (found.lossy == null) {
            throw file.damaged("it has no pixels");
        }
        requireSize(lossyWidth(found.lossy.at()), lossyHeight(found.lossy.at()), columns, rows);
        RgbImage image = new Vp8Frame(file, found.lossy.at(), found.lossy.at() + found.lossy.length()).decode();
        if (found.alpha != null) {
            layOverWhite(image.rgb(), alpha(found.alpha, columns, rows));
        }
        return image;
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
    private byte[] alpha(Chunk chunk, int columns, int rows) throws IOException {
        if (chunk.length() < 1) {
            throw file.damaged("its transparency is empty");
        }
        int flags = file.u8(chunk.at());
        int start = chunk.at() + 1;
        byte[] alpha = new byte[columns * rows];
        if ((flags & 3) == 0) {
            if (chunk.length() - 1 < alpha.length) {
                throw file.damaged("its transparency is too short");
            }
            System.arraycopy(file.bytes(), start, alpha, 0, alpha.length);
        } else {
            byte[] lossless = ByteBuffer.allocate(4 + chunk.length())
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .put((byte) LOSSLESS_SIGNATURE)
                    .putInt(columns - 1 | rows - 1 << 14)
                    .put(file.bytes(), start, chunk.length() - 1)
                    .array();
            Raster raster = decodeLossless(lossless);
            int[] row = new int[columns];
            for (int y = 0; y < rows; y++) {
                raster.getSamples(0, y, columns, 1, 1, row);
                for (int x = 0; x < columns; x++) {
                    alpha[y * columns + x] = (byte) row[x];
                }
            }
        }
        WebpAlphaFilter.undo(flags >> 2 & 3, alpha, columns);
        return alpha;
    }

    private byte[] data(Chunk chunk) {
        return ByteBuffer.allocate(chunk.length())
                .put(file.bytes(), chunk.at(), chunk.length())
                .array();
    }

    private static Raster decodeLossless(byte[] data) throws IOException {
        int padded = data.length + data.length % 2;
        byte[] riff = ByteBuffer.allocate(FIRST_CHUNK + CHUNK_HEADER + padded)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put("RIFF".getBytes(StandardCharsets.US_ASCII))
                .putInt(4 + CHUNK_HEADER + padded)
                .put("WEBP".getBytes(StandardCharsets.US_ASCII))
                .put("VP8L".getBytes(StandardCharsets.US_ASCII))
                .putInt(data.length)
                .put(data)
                .array();
        return Readers.read(DECODER, riff).getRaster();
    }
}
