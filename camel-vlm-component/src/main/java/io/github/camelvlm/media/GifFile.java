package io.github.camelvlm.media;

/**
 * A GIF file (GIF89a specification), of which the first frame counts, in its place on the logical screen. What follows
 * that frame is not looked at.
 */
final class GifFile implements PictureFile {
    static final String SIGNATURE = "GIF8";

    static final int SCREEN_BYTES = 13;
    static final int EXTENSION = 0x21;
    static final int FRAME = 0x2c;
    static final int END = 0x3b;
    static final int GRAPHIC_CONTROL = 0xf9;
    static final int NONE = -1;

    private final PictureBytes file;
    private final int screenEnd;
    private final int frame;
    private final int width;
    private final int height;
    private final int frameWidth;
    private final int frameHeight;
    private final int left;
    private final int top;
    private int transparent = NONE;

    /** @throws ImageException if the file has no frame or is cut off before it */
    GifFile(PictureBytes file) {
        this.file = file;
        file.require(0, SCREEN_BYTES);
        screenEnd = SCREEN_BYTES + tableBytes(file.u8(10));
        frame = findFrame(screenEnd);
        file.require(frame, 10);
        left = file.u16(frame + 1, true);
        top = file.u16(frame + 3, true);
        frameWidth = file.u16(frame + 5, true);
        frameHeight = file.u16(frame + 7, true);
        boolean empty = frameWidth == 0 || frameHeight == 0;
        width = empty ? 0 : Math.max(file.u16(6, true), left + frameWidth);
        height = empty ? 0 : Math.max(file.u16(8, true), top + frameHeight);
    }

    private int[] colours() {
        int frameTable = tableBytes(file.u8(frame + 9));
        int[] colours = frameTable > 0
                ? table(file, frame + 10, frameTable)
                : table(file, SCREEN_BYTES, screenEnd - SCREEN_BYTES);
        if (transparent != NONE) {
            colours[transparent] = 0xffffff;
        }
        return colours;
    }

    static int tableBytes(int flags) {
        return (flags & 0x80) == 0 ? 0 : 3 << (flags & 7) + 1;
    }

    /** Without a table, the values are grays, as in Pillow. */
    static int[] table(PictureBytes file, int at, int bytes) {
        int[] table = new int[256];
        for (int i = 0; i < table.length; i++) {
            if (bytes == 0) {
                table[i] = i * 0x010101;
            } else if (3 * i < bytes) {
                table[i] = file.u8(at + 3 * i) << 16 | file.u8(at + 3 * i + 1) << 8 | file.u8(at + 3 * i + 2);
            }
        }
        return table;
    }

    /** Reads the extensions that stand before the first frame, and gives its place. */
    private int findFrame(int at) {
        int i = at;
        while (file.u8(i) != FRAME) {
            if (file.u8(i) == END) {
                throw file.damaged("it has no frame");
            }
            if (file.u8(i) != EXTENSION) {
                i++;
                continue;
            }
            if (file.u8(i + 1) == GRAPHIC_CONTROL && file.u8(i + 2) >= 4 && (file.u8(i + 3) & 1) != 0) {
                transparent = file.u8(i + 6);
            }
            i = endOfBlocks(file, i + 2);
        }
        return i;
    }

    /** The place after a chain of sub-blocks, each led by its length, and the zero that ends it. */
    static int endOfBlocks(PictureBytes file, int at) {
        int i = at;
        while (file.u8(i) != 0) {
            i += 1 + file.u8(i);
        }
        return i + 1;
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
        // The indices of the frame and its colours, which are placed on the screen.
        return PictureFile.footprint(width, height, 4);
    }

    @Override
    public RgbImage decode() {
        int[] colours = colours();
        int flags = file.u8(frame + 9);
        byte[] indices = new GifPixels(
                        file, frame + 10 + tableBytes(flags), frameWidth, frameHeight, (flags & 0x40) != 0)
                .decode();
        RgbImage image = Colours.convert(indices, frameWidth, frameHeight, 1, Colours.table(colours));
        if (image.width() == width && image.height() == height) {
            return image;
        }
        return RgbCanvas.filled(width, height, colours[transparent == NONE ? 0 : transparent])
                .place(image, left, top)
                .image();
    }
}
