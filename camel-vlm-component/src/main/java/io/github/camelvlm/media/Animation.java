package io.github.camelvlm.media;

import java.io.IOException;
import java.util.List;
import java.util.Locale;

/**
 * An animated GIF, WebP or PNG file, whose frames are decoded in their order up to the one that is asked for. No more than
 * the canvas stands in memory, from the first frame that is shown until it is closed; others wait where there is no room for
 * theirs. All of it is taken at once: two that had a part each would wait for each other. For one thread.
 */
public final class Animation implements AutoCloseable {
    /** At the usual 10 a second, a quarter of an hour. */
    private static final int MAX_FRAMES = 10_000;

    /** Of all frames together, of the canvas where it is kept to be restored, and of what is shown: half a minute's work. */
    private static final long MAX_PIXELS = 2_000_000_000;

    /** Canvas, what is restored, the picture, and the picture turned; a frame with the samples that it is made of. */
    private static final int BYTES_OF_CANVAS = 4 + 4 + 3 + 3;

    private static final int BYTES_OF_FRAME = 4 + 8;

    private final String name;
    private final byte[] bytes;
    private final AnimationFile file;
    private final List<AnimationFrame> frames;
    private final int orientation;
    private final DecodingBudget budget;
    private final long memory;
    private boolean isHeld;
    private boolean isClosed;
    private AnimationCanvas canvas;
    private int drawn;

    private Animation(String name, byte[] bytes, AnimationFile file, DecodingBudget budget) {
        this.name = name;
        this.budget = budget;
        this.bytes = bytes;
        this.file = file;
        frames = file.frames();
        orientation = file.orientation();
        long largest = frames.stream().mapToLong(AnimationFrame::pixels).max().orElseThrow();
        memory = BYTES_OF_CANVAS * file.width() * file.height() + BYTES_OF_FRAME * largest + 2L * bytes.length;
    }

    /** Whether a file is a GIF, WebP or PNG file of more than one frame. One that is damaged before the second is not. */
    public static boolean isAnimated(byte[] bytes) {
        try {
            AnimationFile file = file(new PictureBytes("", bytes), 1);
            return file != null && file.frames().size() > 1;
        } catch (ImageException e) {
            return false;
        }
    }

    private static AnimationFile file(PictureBytes bytes, int most) {
        return switch (PictureType.of(bytes).orElse(PictureType.TGA)) {
            case GIF -> new GifAnimation(bytes, most);
            case WEBP -> new WebpAnimation(bytes, most);
            case PNG -> new PngAnimation(bytes, most);
            default -> null;
        };
    }

    /**
     * Finds the frames, and decodes none.
     *
     * @param name what errors call it, such as a file name
     * @param bytes the file's content; not changed
     * @param maxPixels the most pixels (width × height) of its canvas and of each frame
     * @throws ImageException if it is no animation, is cut off, damaged or too large, or has too many frames
     */
    public static Animation open(String name, byte[] bytes, long maxPixels) {
        return open(name, bytes, maxPixels, DecodingBudget.OF_HEAP);
    }

    static Animation open(String name, byte[] bytes, long maxPixels, DecodingBudget budget) {
        PictureBytes content = new PictureBytes(name, bytes);
        if (HeifBrands.areOfSequence(content)) {
            throw new ImageException("picture " + name + " is an animation in HEIC or AVIF, of which the still picture"
                    + " alone is read: send it as a picture, or convert it to GIF or MP4");
        }
        AnimationFile file = file(content, MAX_FRAMES);
        if (file == null || file.frames().isEmpty()) {
            throw new ImageException("picture " + name + " does not move: send it as a picture, not as a video");
        }
        List<AnimationFrame> frames = file.frames();
        if (frames.size() > MAX_FRAMES) {
            throw new ImageException("animation " + name + " has more than " + MAX_FRAMES
                    + " frames: send a part of it, or convert it to MP4");
        }
        requireSize(name, file.width(), file.height(), maxPixels);
        long all = 0;
        for (AnimationFrame frame : frames) {
            requireSize(name, frame.width(), frame.height(), maxPixels);
            all += frame.pixels();
            if (frame.disposal() == AnimationFrame.Disposal.RESTORE) {
                all += file.width() * file.height();
            }
        }
        requireWork(name, all, frames.size());
        return new Animation(name, bytes, file, budget);
    }

    private static void requireWork(String name, long pixels, int frames) {
        if (pixels > MAX_PIXELS) {
            throw new ImageException(String.format(
                    Locale.ROOT,
                    "animation %s has %,d pixels in its %,d frames, but %,d in all are allowed: scale it down, or convert"
                            + " it to MP4",
                    name,
                    pixels,
                    frames,
                    MAX_PIXELS));
        }
    }

    /**
     * Requires that so many pictures may be made of it.
     *
     * @throws ImageException if they have too many pixels in all
     */
    public void requireShown(int pictures) {
        requireWork(name, pictures * file.width() * file.height(), pictures);
    }

    private static void requireSize(String name, long width, long height, long maxPixels) {
        if (width < 1 || height < 1) {
            throw ImageException.damaged(name, "it declares " + width + " × " + height + " pixels", null);
        }
        if (width > Integer.MAX_VALUE || height > Integer.MAX_VALUE || width * height > maxPixels) {
            throw new ImageException("animation " + name + " has frames of " + width + " × " + height + " pixels, but "
                    + maxPixels + " in all are allowed: scale it down or raise maxImagePixels");
        }
    }

    /** How many frames there are, at least one. */
    public int count() {
        return frames.size();
    }

    /** How long a frame is shown, counted from 0, in milliseconds; where the file says less than 11, 100 as in browsers. */
    public int millis(int frame) {
        return frames.get(frame).millis();
    }

    /** The size of what is shown, upright. */
    public PictureSize size() {
        boolean lies = orientation > 4;
        return new PictureSize(
                (int) (lies ? file.height() : file.width()), (int) (lies ? file.width() : file.height()));
    }

    /**
     * What is seen while a frame is shown, over white.
     *
     * @param frame its number from 0, not below that of the last call
     * @throws ImageException if it cannot be decoded within its bounds of time and memory
     * @throws IllegalStateException if it is closed
     */
    public RgbImage show(int frame) {
        if (isClosed) {
            throw new IllegalStateException("animation " + name + " is closed");
        }
        if (!isHeld) {
            budget.acquire(name, memory);
            isHeld = true;
        }
        try {
            if (canvas == null) {
                canvas = new AnimationCanvas((int) file.width(), (int) file.height(), file.background());
            }
            PictureBytes timed = new PictureBytes(name, bytes);
            for (; drawn <= frame; drawn++) {
                timed.requireTime();
                canvas.draw(frames.get(drawn), file.pixels(timed, frames.get(drawn)));
            }
            return Orientation.apply(canvas.image(), orientation);
        } catch (ImageException e) {
            throw e;
        } catch (IOException | RuntimeException | StackOverflowError e) {
            throw ImageException.damaged(name, "frame " + drawn + " of it cannot be decoded", e);
        } catch (OutOfMemoryError e) {
            throw new ImageException("a frame of animation " + name + " does not fit in the Java heap: raise -Xmx", e);
        }
    }

    /** Lets go of the canvas. No frame can be shown any more. */
    @Override
    public void close() {
        isClosed = true;
        canvas = null;
        if (isHeld) {
            isHeld = false;
            budget.release(memory);
        }
    }
}
