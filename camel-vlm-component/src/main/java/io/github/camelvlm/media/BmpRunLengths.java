package io.github.camelvlm.media;

/** The run lengths of 8 or 4 bits that a BMP file's indices are compressed with, from the bottom row to the top. */
final class BmpRunLengths {
    private final PictureBytes file;
    private final boolean halfBytes;
    private final int width;
    private final int height;
    private final byte[] indices;
    private int at;
    private int x;
    private int y;

    BmpRunLengths(PictureBytes file, BmpHeader header) {
        this.file = file;
        halfBytes = header.compression() == BmpHeader.RLE4;
        width = (int) header.width();
        height = (int) header.height();
        indices = new byte[Math.multiplyExact(width, height)];
        file.require(header.pixelsAt(), 0);
        at = (int) header.pixelsAt();
    }

    /**
     * The indices, the bottom row first; 0 where the runs leave pixels out.
     *
     * @throws ImageException if the file ends before the runs do
     */
    byte[] decode() {
        while (y < height) {
            int count = file.u8(at);
            int value = file.u8(at + 1);
            at += 2;
            if (count > 0) {
                for (int i = 0; i < count; i++) {
                    write(halfBytes ? value >> (i % 2 == 0 ? 4 : 0) & 0xf : value);
                }
            } else if (value == 0) {
                x = 0;
                y++;
            } else if (value == 1) {
                break;
            } else if (value == 2) {
                x += file.u8(at);
                y += file.u8(at + 1);
                at += 2;
            } else {
                writePlain(value);
            }
            // The mark of the end may be left out where the last row is full.
            if (y == height - 1 && x >= width && at >= file.length() - 1) {
                break;
            }
        }
        return indices;
    }

    private void writePlain(int count) {
        int bytes = halfBytes ? (count + 1) / 2 : count;
        file.require(at, bytes);
        for (int i = 0; i < count; i++) {
            int value = file.u8(at + (halfBytes ? i / 2 : i));
            write(halfBytes ? value >> (i % 2 == 0 ? 4 : 0) & 0xf : value);
        }
        at += bytes + bytes % 2;
    }

    private void write(int value) {
        if (x < width && y < height) {
            indices[y * width + x] = (byte) value;
        }
        x++;
    }
}
