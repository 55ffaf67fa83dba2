package io.github.camelvlm.video;

import io.github.camelvlm.chat.Closing;
import io.github.camelvlm.media.ImageException;
import io.github.camelvlm.media.PictureFrames;
import io.github.camelvlm.media.PictureSize;
import io.github.camelvlm.media.RgbImage;
import io.github.camelvlm.process.BoundedProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.stream.Collectors;

/**
 * Frames of a video file, which a process hands over one after another. It decodes no further than a pipe holds before they
 * are asked for, so a film never stands in memory.
 */
final class FfmpegFrames implements PictureFrames {
    /** Some files promise a few frames more than they have. */
    private static final int PARTS_THAT_MAY_LACK = 20;

    private static final Duration DECODING = Duration.ofMinutes(5);

    private final String name;
    private final VideoStream stream;
    private final ChosenFrames chosen;
    private final VideoSource source;
    private final Deque<List<String>> commands;
    private final Decoding decoding;
    private BoundedProcess run;
    private int read;
    private RgbImage last;

    /** Starts a command that ends within some time. */
    @FunctionalInterface
    interface Decoding {
        BoundedProcess begin(List<String> command, Duration limit) throws IOException;
    }

    /**
     * @param source this one's to close from now on
     * @param commands that decode the chosen frames, each taken where the one before it shows none
     * @param decoding begun when the first frame is wanted, so that of several videos in a request one is decoded at a time
     */
    FfmpegFrames(
            String name,
            VideoStream stream,
            ChosenFrames chosen,
            VideoSource source,
            List<List<String>> commands,
            Decoding decoding) {
        this.name = name;
        this.stream = stream;
        this.chosen = chosen;
        this.source = source;
        this.commands = new ArrayDeque<>(commands);
        this.decoding = decoding;
    }

    /**
     * How pictures are decoded: one after another, as red, green and blue bytes.
     *
     * @param wanted their numbers, ascending
     */
    static List<String> command(Path ffmpeg, VideoSource source, VideoStream stream, int[] wanted) {
        String isWanted =
                Arrays.stream(wanted).mapToObj(index -> "eq(n," + index + ")").collect(Collectors.joining("+"));
        return command(ffmpeg, source, stream, List.of(), isWanted, wanted.length);
    }

    /** How pictures are decoded from parts of a film: the other packets are dropped before the decoder sees them. */
    static List<String> command(Path ffmpeg, VideoSource source, VideoStream stream, FilmParts parts) {
        List<String> onlyParts = List.of("-copyts", "-bsf:V:0", "noise=amount=0:drop='" + parts.isOutside() + "'");
        return command(ffmpeg, source, stream, onlyParts, parts.isWanted(), parts.times().length);
    }

    private static List<String> command(
            Path ffmpeg, VideoSource source, VideoStream stream, List<String> input, String isWanted, int count) {
        List<String> before =
                new ArrayList<>(List.of("-nostdin", "-threads", "2", "-max_pixels", String.valueOf(pixels(stream))));
        before.addAll(input);
        return source.command(
                ffmpeg,
                before,
                List.of(
                        "-map",
                        "0:V:0",
                        "-an",
                        "-vf",
                        "select='" + isWanted + "'",
                        "-fps_mode",
                        "passthrough",
                        "-frames:v",
                        String.valueOf(count),
                        "-f",
                        "rawvideo",
                        "-pix_fmt",
                        "rgb24",
                        "pipe:1"));
    }

    /** Frames are stored in whole blocks of the codec's, and MPEG-4's decoder leaves 232 rows more. */
    private static long pixels(VideoStream stream) {
        int margin = 256;
        return (long) (stream.size().width() + margin) * (stream.size().height() + margin);
    }

    @Override
    public int count() {
        return chosen.indices().length;
    }

    @Override
    public double fps() {
        return chosen.fps();
    }

    @Override
    public double seconds(int frame) {
        return chosen.seconds()[frame];
    }

    @Override
    public PictureSize size() {
        return stream.size();
    }

    @Override
    public RgbImage next() {
        if (read == count()) {
            throw new NoSuchElementException("all " + read + " frames are read");
        }
        if (read == 0 || chosen.indices()[read] != chosen.indices()[read - 1]) {
            last = decoded();
        }
        read++;
        if (read == count()) {
            run.close();
        }
        return last;
    }

    private RgbImage decoded() {
        try {
            byte[] rgb = new byte[Math.multiplyExact(3, Math.multiplyExact(size().width(), size().height()))];
            boolean isThere = run == null ? readFirst(rgb) : isRead(rgb);
            if (isThere) {
                return new RgbImage(size().width(), size().height(), rgb);
            }
            run.awaitSuccess();
            if (last == null || count() - read > 1 + count() / PARTS_THAT_MAY_LACK) {
                throw new IOException("it ends after " + read + " of its " + count() + " chosen frames");
            }
            // The last one stands still.
            return last;
        } catch (IOException e) {
            throw VideoDecoder.unreadable(name, e);
        } catch (OutOfMemoryError e) {
            throw new ImageException("a frame of video " + name + " does not fit in the Java heap: raise -Xmx", e);
        }
    }

    /** By the first command that shows one. */
    private boolean readFirst(byte[] rgb) throws IOException {
        long end = System.nanoTime() + DECODING.toNanos();
        Duration left = DECODING;
        while (true) {
            boolean isLast = commands.size() == 1;
            try {
                run = decoding.begin(commands.remove(), left);
                if (isRead(rgb)) {
                    return true;
                }
                left = Duration.ofNanos(end - System.nanoTime());
                if (isLast || left.isNegative()) {
                    return false;
                }
            } catch (IOException e) {
                if (isLast) {
                    throw e;
                }
                // Of many parts the command may be longer than the system takes.
            }
            if (run != null) {
                run.close();
            }
        }
    }

    private boolean isRead(byte[] rgb) throws IOException {
        return run.output().readNBytes(rgb, 0, rgb.length) == rgb.length;
    }

    @Override
    public void close() {
        Closing.all(
                () -> {
                    if (run != null) {
                        run.close();
                    }
                },
                source::close);
    }
}
