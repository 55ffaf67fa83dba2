package io.github.camelvlm.media;

import io.github.camelvlm.media.AnimationFrame.Disposal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32;
import javax.imageio.spi.ImageReaderSpi;

/** All frames of an animated PNG file (W3C Portable Network Graphics, third edition), each decoded as a PNG of its own. */
final class PngAnimation implements AnimationFile {
    private static final ImageReaderSpi DECODER = Readers.ofJdk("png");
    private static final int BESIDE_DATA = 12;
    private static final int HEADER_BYTES = 13;
    private static final int CONTROL_BYTES = 26;
    private static final int SEQUENCE_BYTES = 4;
    private static final int HUNDREDTHS = 100;

    private final PngFile still;
    private final PngOrientation orientation = new PngOrientation();
    private final List<AnimationFrame> frames = new ArrayList<>();
    private final int bits;
    private final int colourType;
    private byte[] palette = {};
    private byte[] transparency = {};
    private boolean animated;

    /**
     * @param most finding more frames than this ends
     * @throws ImageException if the file is cut off or damaged
     */
    PngAnimation(PictureBytes file, int most) {
        still = new PngFile(file);
        bits = file.u8(24);
        colourType = file.u8(25);
        int at = PngFile.SIGNATURE.length();
        boolean pixels = false;
        // A still may be as damaged as it likes: that is told where it is decoded.
        while (frames.size() <= most && !file.has(at + 4, "IEND") && !(pixels && !animated)) {
            int end = end(file, at);
            pixels |= file.has(at + 4, "IDAT");
            readChunk(file, at, end - at - BESIDE_DATA);
            at = end;
        }
    }

    private static int end(PictureBytes file, int at) {
        long length = file.u32(at, false);
        file.require(at, length + BESIDE_DATA);
        return (int) (at + length + BESIDE_DATA);
    }

    private void readChunk(PictureBytes file, int at, int length) {
        int data = at + 8;
        if (file.has(at + 4, "acTL")) {
            animated = true;
        } else if (file.has(at + 4, "fcTL") && animated) {
            frames.add(frame(file, at, length));
        } else if (file.has(at + 4, "PLTE")) {
            palette = Arrays.copyOfRange(file.bytes(), data, data + length);
        } else if (file.has(at + 4, "tRNS")) {
            transparency = Arrays.copyOfRange(file.bytes(), data, data + length);
        } else if (file.has(at + 4, "eXIf")) {
            orientation.exif(Orientation.read(file, data, length));
        }
    }

    private AnimationFrame frame(PictureBytes file, int at, int length) {
        if (length != CONTROL_BYTES) {
            throw file.damaged("a frame has no header");
        }
        requireChecksum(file, at, length);
        int data = at + 8;
        long columns = file.u32(data + 4, false);
        long rows = file.u32(data + 8, false);
        long left = file.u32(data + 12, false);
        long top = file.u32(data + 16, false);
        if (columns < 1 || rows < 1 || left + columns > still.width() || top + rows > still.height()) {
            throw file.damaged("a frame lies outside the picture");
        }
        int parts = file.u16(data + 22, false);
        return new AnimationFrame(
                (int) left,
                (int) top,
                (int) columns,
                (int) rows,
                (int) Math.round(1000.0 * file.u16(data + 20, false) / (parts == 0 ? HUNDREDTHS : parts)),
                switch (file.u8(data + 24)) {
                    case 1 -> Disposal.CLEAR;
                    // Before the first frame there is nothing.
                    case 2 -> frames.isEmpty() ? Disposal.CLEAR : Disposal.RESTORE;
                    default -> Disposal.KEEP;
                },
                file.u8(data + 25) == 1,
                at + length + BESIDE_DATA,
                0,
                -1);
    }

    private static void requireChecksum(PictureBytes file, int at, int length) {
        CRC32 crc = new CRC32();
        crc.update(file.bytes(), at + 4, length + 4);
        if (crc.getValue() != file.u32(at + 8 + length, false)) {
            throw file.damaged("the checksum of a part is wrong");
        }
    }

    @Override
    public long width() {
        return still.width();
    }

    @Override
    public long height() {
        return still.height();
    }

    @Override
    public int orientation() {
        return orientation.value();
    }

    @Override
    public List<AnimationFrame> frames() {
        return frames;
    }

    @Override
    public int[] pixels(PictureBytes file, AnimationFrame frame) throws IOException {
        PngChunks png = new PngChunks();
        byte[] header = Arrays.copyOfRange(file.bytes(), 16, 16 + HEADER_BYTES);
        PngChunks.put(header, 0, frame.width());
        PngChunks.put(header, 4, frame.height());
        png.add("IHDR", header);
        if (palette.length > 0) {
            png.add("PLTE", palette);
        }
        png.add("IDAT", compressed(file, frame.at()));
        png.add("IEND", new byte[0]);
        return new PngColours(colourType, bits, palette, transparency)
                .pixels(Readers.read(DECODER, file.with(png.bytes())).getRaster());
    }

    private static byte[] compressed(PictureBytes file, int start) {
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        int at = start;
        while (!file.has(at + 4, "fcTL") && !file.has(at + 4, "IEND")) {
            int end = end(file, at);
            int before = file.has(at + 4, "IDAT") ? 0 : file.has(at + 4, "fdAT") ? SEQUENCE_BYTES : -1;
            int length = end - at - BESIDE_DATA;
            if (before >= 0 && length >= before) {
                requireChecksum(file, at, length);
                data.write(file.bytes(), at + 8 + before, length - before);
            }
            at = end;
        }
        if (data.size() == 0) {
            throw file.damaged("a frame has no pixels");
        }
        return data.toByteArray();
    }

    /** Writes a PNG file. */
    private static final class PngChunks {
        private final ByteArrayOutputStream out = new ByteArrayOutputStream();

        PngChunks() {
            out.writeBytes(PngFile.SIGNATURE.getBytes(StandardCharsets.ISO_8859_1));
        }

        void add(String kind, byte[] data) {
            byte[] number = new byte[4];
            put(number, 0, data.length);
            out.writeBytes(number);
            CRC32 crc = new CRC32();
            crc.update(kind.getBytes(StandardCharsets.US_ASCII));
            crc.update(data);
            out.writeBytes(kind.getBytes(StandardCharsets.US_ASCII));
            out.writeBytes(data);
            put(number, 0, (int) crc.getValue());
            out.writeBytes(number);
        }

        static void put(byte[] to, int at, int number) {
            for (int i = 0; i < 4; i++) {
                to[at + i] = (byte) (number >> 24 - 8 * i);
            }
        }

        byte[] bytes() {
            return out.toByteArray();
        }
    }
}
