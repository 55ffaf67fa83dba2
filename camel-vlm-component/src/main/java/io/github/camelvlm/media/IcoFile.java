package io.github.camelvlm.media;

import java.io.IOException;
import java.util.Arrays;

/** An icon or cursor file (ICO, CUR), of which the largest picture counts, and of those the one of the most colours. */
final class IcoFile implements PictureFile {
    private static final String ICON_SIGNATURE = "\0\0\1\0";
    private static final String CURSOR_SIGNATURE = "\0\0\2\0";

    private static final int FILE_HEADER = 6;
    private static final int ENTRY_BYTES = 16;

    private final PictureFile picture;

    /** Whether the file begins as one, and names at least one picture, which a TGA file of that beginning never does. */
    static boolean begins(PictureBytes file) {
        boolean signed = file.has(0, ICON_SIGNATURE) || file.has(0, CURSOR_SIGNATURE);
        return signed && file.length() >= FILE_HEADER && file.u16(4, true) > 0;
    }

    /** @throws ImageException if the file is cut off before its largest picture, or that is damaged */
    IcoFile(PictureBytes file) {
        int count = file.u16(4, true);
        boolean cursor = file.has(0, CURSOR_SIGNATURE);
        int largest = FILE_HEADER;
        for (int at = FILE_HEADER; at < FILE_HEADER + ENTRY_BYTES * count; at += ENTRY_BYTES) {
            file.require(at, ENTRY_BYTES);
            long more = area(file, at) - area(file, largest);
            // Where an icon tells its bits, a cursor tells its tip.
            if (more > 0 || more == 0 && !cursor && file.u16(at + 6, true) > file.u16(largest + 6, true)) {
                largest = at;
            }
        }
        long start = file.u32(largest + 12, true);
        file.require(start, 0);
        if (file.has((int) start, PngFile.SIGNATURE)) {
            picture = new PngFile(file.with(Arrays.copyOfRange(file.bytes(), (int) start, file.length())));
        } else {
            picture = new BmpFile(file, (int) start);
        }
    }

    /** A side of 0 stands for 256. */
    private static long area(PictureBytes file, int at) {
        return (long) ((file.u8(at) + 255) % 256 + 1) * ((file.u8(at + 1) + 255) % 256 + 1);
    }

    @Override
    public long width() {
        return picture.width();
    }

    @Override
    public long height() {
        return picture.height();
    }

    @Override
    public int orientation() {
        return picture.orientation();
    }

    @Override
    public long decodingBytes() {
        return picture.decodingBytes();
    }

    @Override
    public RgbImage decode() throws IOException {
        return picture.decode();
    }
}
