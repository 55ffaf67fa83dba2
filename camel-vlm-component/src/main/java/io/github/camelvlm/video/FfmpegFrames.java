package io.github.camelvlm.video;

import io.github.camelvlm.chat.Closing;
import io.github.camelvlm.media.ImageException;
import io.github.camelvlm.media.PictureFrames;
import io.github.camelvlm.media.PictureSize;
import io.github.camelvlm.media.RgbImage;
import io.github.camelvlm.process.BoundedProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
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

    private final String name;
    private final VideoStream stream;
    private final ChosenFrames chosen;
    private final VideoSource source;
    private final Decoding decoding;
    private BoundedProcess run;
    private int read;
    private RgbImage last;

    /** Begins to decode the chosen frames. */
    @FunctionalInterface
    interface Decoding {
        BoundedProcess begin() throws IOException;
    }

    /**
     * @param source this one's to close from now on
     * @param decoding run when the first frame is wanted, so that of several videos in a request one is decoded at a time
     */
    FfmpegFrames(String name, VideoStream stream, ChosenFrames chosen, VideoSource source, Decoding decoding) {
        this.name = name;
        this.stream = stream;
        this.chosen = chosen;
        this.source = source;
        this.decoding = decoding;
    }

    /** How chosen frames are decoded: one after another, as red, green and blue bytes. */
    static List<String> command(Path ffmpeg, VideoSource source, VideoStream stream, ChosenFrames chosen) {
        int[] wanted = Arrays.stream(chosen.indices()).distinct().toArray();
        String expression =
                Arrays.stream(wanted).mapToObj(index -> "eq(n," + index + ")").collect(Collectors.joining("+"));
        return source.command(
                ffmpeg,
                List.of("-nostdin", "-threads", "2", "-max_pixels", String.valueOf(pixels(stream))),
                List.of(
                        "-map",
                        "0:v:0",
                        "-an",
                        "-vf",
                        "select='" + expression + "'",
                        "-fps_mode",
                        "passthrough",
                        "-frames:v",
                        String.valueOf(wanted.length),
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
            if (run == null) {
                run = decoding.begin();
            }
            byte[] rgb = new byte[Math.multiplyExact(3, Math.multiplyExact(size().width(), size().height()))];
            if (run.output().readNBytes(rgb, 0, rgb.length) == rgb.length) {
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
