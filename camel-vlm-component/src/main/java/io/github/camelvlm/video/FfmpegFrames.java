package io.github.camelvlm.video;

import io.github.camelvlm.chat.Closing;
import io.github.camelvlm.media.ImageException;
import io.github.camelvlm.media.PictureFrames;
import io.github.camelvlm.media.PictureSize;
import io.github.camelvlm.media.RgbImage;
import io.github.camelvlm.process.BoundedProcess;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.stream.Collectors;

/**
 * Frames of a video file, which a process hands over one after another. It decodes no further than a pipe holds before they
 * are asked for, so a film never stands in memory.
 */
final class FfmpegFrames implements PictureFrames {
    private final String name;
    private final VideoStream stream;
    private final ChosenFrames chosen;
    private final VideoSource source;
    private final FfmpegPrograms programs;
    private final List<String> command;
    private final Duration limit;
    private volatile BoundedProcess run;
    private volatile boolean closed;
    private int read;
    private RgbImage last;

    private FfmpegFrames(
            String name,
            VideoStream stream,
            ChosenFrames chosen,
            VideoSource source,
            FfmpegPrograms programs,
            List<String> command,
            Duration limit) {
        this.name = name;
        this.stream = stream;
        this.chosen = chosen;
        this.source = source;
        this.programs = programs;
        this.command = command;
        this.limit = limit;
    }

    /** @param source this one's to close from now on, unless this throws */
    static FfmpegFrames of(
            String name,
            VideoStream stream,
            ChosenFrames chosen,
            FfmpegPrograms programs,
            VideoSource source,
            Duration limit) {
        String wanted = Arrays.stream(chosen.indices())
                .distinct()
                .mapToObj(index -> "eq(n," + index + ")")
                .collect(Collectors.joining("+"));
        List<String> command = source.command(
                programs.ffmpeg(),
                List.of("-nostdin", "-threads", "2", "-max_pixels", String.valueOf(pixels(stream))),
                List.of(
                        "-map",
                        "0:v:0",
                        "-an",
                        "-vf",
                        "select='" + wanted + "'",
                        "-fps_mode",
                        "passthrough",
                        "-frames:v",
                        String.valueOf(
                                Arrays.stream(chosen.indices()).distinct().count()),
                        "-f",
                        "rawvideo",
                        "-pix_fmt",
                        "rgb24",
                        "pipe:1"));
        return new FfmpegFrames(name, stream, chosen, source, programs, command, limit);
    }

    /** Frames are stored in whole blocks of the codec's. */
    private static long pixels(VideoStream stream) {
        int block = 128;
        return (long) (stream.size().width() + block) * (stream.size().height() + block);
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
        return chosen.indices()[frame] / stream.fps();
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
            end();
        }
        return last;
    }

    /** Not before the first frame is wanted: of several videos in a request one is decoded at a time. */
    private void begin() throws IOException {
        run = programs.start(command, source.folder(), limit);
        if (closed) {
            run.close();
        }
    }

    private RgbImage decoded() {
        try {
            if (run == null) {
                begin();
            }
            byte[] rgb = new byte[Math.multiplyExact(3, Math.multiplyExact(size().width(), size().height()))];
            if (run.output().readNBytes(rgb, 0, rgb.length) == rgb.length) {
                return new RgbImage(size().width(), size().height(), rgb);
            }
            run.awaitSuccess();
            if (last == null) {
                throw new IOException("it has no frame that can be decoded");
            }
            // Some files promise a few frames more than they have: the last one stands still.
            return last;
        } catch (IOException e) {
            throw VideoDecoder.unreadable(name, e);
        } catch (OutOfMemoryError e) {
            throw new ImageException("a frame of video " + name + " does not fit in the Java heap: raise -Xmx", e);
        }
    }

    private void end() {
        BoundedProcess running = run;
        if (running != null) {
            running.close();
        }
    }

    @Override
    public void close() {
        closed = true;
        Closing.all(this::end, source::close);
    }
}
