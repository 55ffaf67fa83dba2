package io.github.camelvlm.media;

import io.github.camelvlm.media.AnimationFrame.Disposal;
import java.util.ArrayList;
import java.util.List;

/** All frames of a GIF file (GIF89a specification). What no frame covers is transparent, as browsers have it. */
final class GifAnimation implements AnimationFile {
    private static final int FRAME_HEADER = 10;
    private static final int MILLIS = 10;

    private final List<AnimationFrame> frames = new ArrayList<>();
    private final long width;
    private final long height;

    private int delay;
    private int disposal;
    private int transparent = GifFile.NONE;

    /**
     * @param most finding more frames than this ends
     * @throws ImageException if the file is cut off or has no frame
     */
    GifAnimation(PictureBytes file, int most) {
        GifFile first = new GifFile(file);
        width = first.width();
        height = first.height();
        int at = GifFile.SCREEN_BYTES + GifFile.tableBytes(file.u8(10));
        // Many writers leave out the end.
        while (frames.size() <= most && at < file.length() && file.u8(at) != GifFile.END) {
            at = switch (file.u8(at)) {
                case GifFile.FRAME -> frame(file, at);
                case GifFile.EXTENSION -> extension(file, at);
                default -> at + 1;
            };
        }
    }

    private int extension(PictureBytes file, int at) {
        if (file.u8(at + 1) == GifFile.GRAPHIC_CONTROL && file.u8(at + 2) >= 4) {
            int flags = file.u8(at + 3);
            disposal = flags >> 2 & 7;
            delay = file.u16(at + 4, true);
            transparent = (flags & 1) == 0 ? GifFile.NONE : file.u8(at + 6);
        }
        return GifFile.endOfBlocks(file, at + 2);
    }

    private int frame(PictureBytes file, int at) {
        file.require(at, FRAME_HEADER);
        frames.add(new AnimationFrame(
                file.u16(at + 1, true),
                file.u16(at + 3, true),
                file.u16(at + 5, true),
                file.u16(at + 7, true),
                MILLIS * delay,
                disposal == 2 ? Disposal.CLEAR : disposal == 3 ? Disposal.RESTORE : Disposal.KEEP,
                true,
                at,
                0,
                transparent));
        delay = 0;
        disposal = 0;
        transparent = GifFile.NONE;
        return GifFile.endOfBlocks(file, at + FRAME_HEADER + GifFile.tableBytes(file.u8(at + 9)) + 1);
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
    public List<AnimationFrame> frames() {
        return frames;
    }

    @Override
    public int[] pixels(PictureBytes file, AnimationFrame frame) {
        int flags = file.u8(frame.at() + 9);
        int own = GifFile.tableBytes(flags);
        int[] colours = own > 0
                ? GifFile.table(file, frame.at() + FRAME_HEADER, own)
                : GifFile.table(file, GifFile.SCREEN_BYTES, GifFile.tableBytes(file.u8(10)));
        for (int i = 0; i < colours.length; i++) {
            colours[i] |= 0xff << 24;
        }
        if (frame.transparent() != GifFile.NONE) {
            colours[frame.transparent()] = 0;
        }
        byte[] indices = new GifPixels(
                        file, frame.at() + FRAME_HEADER + own, frame.width(), frame.height(), (flags & 0x40) != 0)
                .decode();
        int[] pixels = new int[indices.length];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = colours[indices[i] & 0xff];
        }
        return pixels;
    }
}
