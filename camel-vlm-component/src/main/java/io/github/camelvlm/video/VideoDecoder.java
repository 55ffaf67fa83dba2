package io.github.camelvlm.video;

import io.github.camelvlm.chat.InvalidRequestException;
import io.github.camelvlm.chat.VideoFile;
import io.github.camelvlm.media.Animation;
import io.github.camelvlm.media.ImageException;
import io.github.camelvlm.media.PictureFrames;
import io.github.camelvlm.media.PictureSize;
import io.github.camelvlm.media.PictureType;
import io.github.camelvlm.process.BoundedProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletionStage;

/**
 * Opens video files: MP4, QuickTime, Matroska and WebM, with the codecs that the installed ffmpeg knows, and animated
 * pictures, without it. Safe for use by many threads.
 */
public final class VideoDecoder {
    private static final Duration PROBING = Duration.ofSeconds(20);

    private final long maxFramePixels;

    /** @param maxFramePixels the most pixels (width × height) of a frame; a video that declares more is refused */
    public VideoDecoder(long maxFramePixels) {
        this.maxFramePixels = maxFramePixels;
    }

    /** Whether a file is of a format that is read, by its first bytes. */
    public static boolean isVideo(byte[] file) {
        return VideoContainer.of(file).isPresent();
    }

    /**
     * Opens a video: what it holds is known then, and its frames are decoded as they are asked for.
     *
     * @param cancellation ends the processes that read it when it completes
     * @throws ImageException if it is no video, is damaged or too large, or there is no ffmpeg
     * @throws InvalidRequestException if frames are asked for that it does not have
     */
    public PictureFrames open(VideoFile file, CompletionStage<?> cancellation) {
        if (PictureType.of(file.bytes()).isPresent()) {
            return AnimationFrames.of(Animation.open(file.name(), file.bytes(), maxFramePixels), file.sampling());
        }
        VideoContainer container = VideoContainer.of(file.bytes())
                .orElseThrow(() -> new ImageException(
                        "video " + file.name() + " is no MP4, QuickTime, Matroska or WebM file: convert it to MP4"));
        FfmpegPrograms programs =
                FfmpegPrograms.find().orElseThrow(() -> FfmpegPrograms.missing("video " + file.name()));
        VideoSource source = null;
        try {
            source = VideoSource.of(container.demuxer(), out -> out.write(file.bytes()));
            VideoProbe probe = probe(file.name(), programs, source, cancellation);
            ChosenFrames chosen = ChosenFrames.of(probe.stream(), file.sampling());
            List<List<String>> commands =
                    commands(programs.ffmpeg(), source, probe, chosen, container.packetOffset(), file.bytes());
            Path folder = source.folder();
            return new FfmpegFrames(
                    file.name(),
                    probe.stream(),
                    chosen,
                    source,
                    commands,
                    (command, limit) -> programs.start(command, folder, limit, cancellation));
        } catch (IOException e) {
            close(source);
            throw container.isCutOff(file.bytes()) ? cutOff(file, e) : unreadable(file.name(), e);
        } catch (RuntimeException | Error e) {
            close(source);
            throw e;
        }
    }

    /** How to decode them: as little as is enough, but where that shows nothing all, whose number tells which are wanted. */
    private static List<List<String>> commands(
            Path ffmpeg, VideoSource source, VideoProbe probe, ChosenFrames chosen, int offset, byte[] file) {
        int[] wanted = chosen.distinct();
        List<List<String>> commands = new ArrayList<>();
        probe.packets()
                .enoughFor(
                        wanted,
                        probe.isReordered(),
                        (place, size) -> KeyFrame.isWhole(file, place + offset, size, probe.codec()))
                .ifPresent(parts -> commands.add(FfmpegFrames.command(ffmpeg, source, probe.stream(), parts)));
        commands.add(FfmpegFrames.command(ffmpeg, source, probe.stream(), wanted));
        return commands;
    }

    private static void close(VideoSource source) {
        if (source != null) {
            source.close();
        }
    }

    private static ImageException cutOff(VideoFile file, IOException cause) {
        return new ImageException(
                String.format(
                        Locale.ROOT,
                        "video %s is cut off after %,d bytes: copy the whole file",
                        file.name(),
                        file.bytes().length),
                cause);
    }

    static ImageException unreadable(String name, IOException cause) {
        return new ImageException(
                "video " + name + " cannot be decoded, " + VideoSource.told(cause) + ": convert it to MP4 with H.264",
                cause);
    }

    private VideoProbe probe(String name, FfmpegPrograms programs, VideoSource source, CompletionStage<?> cancellation)
            throws IOException {
        List<String> command = source.command(programs.ffprobe(), List.of(), VideoProbe.OPTIONS);
        try (BoundedProcess run = programs.start(command, source.folder(), PROBING, cancellation)) {
            VideoProbe probe = VideoProbe.read(run);
            PictureSize size = probe.stream().size();
            if ((long) size.width() * size.height() > maxFramePixels) {
                throw new ImageException("video " + name + " has frames of " + size.width() + " × " + size.height()
                        + " pixels, but " + maxFramePixels
                        + " in all are allowed: scale it down or raise maxImagePixels");
            }
            return probe;
        }
    }
}
