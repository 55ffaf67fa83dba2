package io.github.camelvlm.media;

import io.github.camelvlm.media.AnimationFrame.Disposal;
import java.util.ArrayList;
import java.util.List;

/** All frames of a WebP file (RFC 9649). The colour that it names for the background is a hint, which viewers pass over. */
final class WebpAnimation implements AnimationFile {
    private static final int ANIMATION_FLAG = 2;
    private static final int CLEARED = 1;
    private static final int REPLACING = 2;

    private final PictureBytes file;
    private final WebpFile still;
    private final List<AnimationFrame> frames = new ArrayList<>();

    /**
     * @param most finding more frames than this ends
     * @throws ImageException if the file is cut off or damaged
     */
    WebpAnimation(PictureBytes file, int most) {
        this.file = file;
        still = new WebpFile(file);
        long end = WebpFile.CHUNK_HEADER + file.u32(4, true);
        file.require(0, end);
        int at = WebpFile.FIRST_CHUNK;
        while (frames.size() <= most && isAnimated(file) && at + WebpFile.CHUNK_HEADER <= end) {
            long length = file.u32(at + 4, true);
            int data = at + WebpFile.CHUNK_HEADER;
            if (length > end - data) {
                throw file.damaged("a part is longer than the whole");
            }
            if (file.has(at, "ANMF")) {
                frames.add(frame(data, (int) length));
            }
            at = (int) Math.min(end, data + length + length % 2);
        }
    }

    private static boolean isAnimated(PictureBytes file) {
        return file.has(WebpFile.FIRST_CHUNK, "VP8X")
                && (file.u8(WebpFile.FIRST_CHUNK + WebpFile.CHUNK_HEADER) & ANIMATION_FLAG) != 0;
    }

    private AnimationFrame frame(int at, int length) {
        if (length < WebpFile.FRAME_HEADER) {
            throw file.damaged("a frame has no header");
        }
        int flags = file.u8(at + 15);
        AnimationFrame frame = new AnimationFrame(
                2 * u24(at),
                2 * u24(at + 3),
                1 + u24(at + 6),
                1 + u24(at + 9),
                u24(at + 12),
                (flags & CLEARED) != 0 ? Disposal.CLEAR : Disposal.KEEP,
                (flags & REPLACING) == 0,
                at + WebpFile.FRAME_HEADER,
                at + length,
                -1);
        if ((long) frame.left() + frame.width() > width() || (long) frame.top() + frame.height() > height()) {
            throw file.damaged("a frame lies outside the picture");
        }
        return frame;
    }

    private int u24(int at) {
        return file.u16(at, true) | file.u8(at + 2) << 16;
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
    public int background() {
        return still.mayBeTransparent() ? 0 : 0xff << 24;
    }

    @Override
    public int orientation() {
        return still.orientation();
    }

    @Override
    public List<AnimationFrame> frames() {
        return frames;
    }

    @Override
    public int[] pixels(PictureBytes file, AnimationFrame frame) {
        return new WebpFile(file).pixels(frame.at(), frame.end(), frame.width(), frame.height());
    }
}
