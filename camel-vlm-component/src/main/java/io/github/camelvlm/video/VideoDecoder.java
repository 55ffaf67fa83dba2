package io.github.camelvlm.video;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.camelvlm.chat.InvalidRequestException;
import io.github.camelvlm.chat.VideoFile;
import io.github.camelvlm.media.Animation;
import io.github.camelvlm.media.ImageException;
import io.github.camelvlm.media.PictureFrames;
import io.github.camelvlm.media.PictureSize;
import io.github.camelvlm.media.PictureType;
import io.github.camelvlm.process.BoundedProcess;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * Opens video files: MP4, QuickTime, Matroska and WebM, with the codecs that the installed ffmpeg knows, and animated
 * pictures, without it. Safe for use by many threads.
 */
public final class VideoDecoder {
    private static final Duration PROBING = Duration.ofSeconds(20);
    private static final Duration DECODING = Duration.ofMinutes(5);
    private static final int MAX_PROBE_BYTES = 64 << 10;
    private static final ObjectMapper JSON = new ObjectMapper();

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
        FfmpegPrograms programs = FfmpegPrograms.find()
                .orElseThrow(() -> new ImageException("video " + file.name()
                        + " cannot be read, since there is no ffmpeg: put org.bytedeco:ffmpeg with the jar of this platform"
                        + " on the class path, or install the program"));
        VideoSource source = null;
        try {
            source = VideoSource.of(file.bytes(), container);
            VideoStream stream = probe(file.name(), programs, source, cancellation);
            ChosenFrames chosen = ChosenFrames.of(stream, file.sampling());
            List<String> command = FfmpegFrames.command(programs.ffmpeg(), source, stream, chosen);
            Path folder = source.folder();
            return new FfmpegFrames(
                    file.name(), stream, chosen, source, () -> programs.start(command, folder, DECODING, cancellation));
        } catch (IOException e) {
            close(source);
            throw unreadable(file.name(), e);
        } catch (RuntimeException | Error e) {
            close(source);
            throw e;
        }
    }

    private static void close(VideoSource source) {
        if (source != null) {
            source.close();
        }
    }

    static ImageException unreadable(String name, IOException cause) {
        return new ImageException(
                "video " + name + " cannot be decoded, " + cause.getMessage() + ": convert it to MP4 with H.264",
                cause);
    }

    private VideoStream probe(String name, FfmpegPrograms programs, VideoSource source, CompletionStage<?> cancellation)
            throws IOException {
        List<String> command = source.command(
                programs.ffprobe(),
                List.of(),
                List.of(
                        "-select_streams",
                        "v:0",
                        "-count_packets",
                        "-show_entries",
                        "stream=width,height,avg_frame_rate,r_frame_rate,nb_read_packets,duration_ts,time_base:stream_side_data=rotation",
                        "-of",
                        "json"));
        JsonNode stream;
        try (BoundedProcess run = programs.start(command, source.folder(), PROBING, cancellation);
                InputStream output = run.output()) {
            byte[] told = output.readNBytes(MAX_PROBE_BYTES);
            run.awaitSuccess();
            stream = JSON.readTree(told).path("streams").path(0);
        }
        if (stream.isMissingNode()) {
            throw new IOException("it holds no pictures");
        }
        return stream(name, stream);
    }

    private VideoStream stream(String name, JsonNode stream) throws IOException {
        int width = stream.path("width").asInt();
        int height = stream.path("height").asInt();
        int frames = stream.path("nb_read_packets").asInt();
        double fps = rate(stream.path("avg_frame_rate").asText());
        if (!(fps > 0)) {
            fps = rate(stream.path("r_frame_rate").asText());
        }
        if (width < 1 || height < 1 || frames < 1 || !(fps > 0 && fps < Double.POSITIVE_INFINITY)) {
            throw new IOException(
                    "it tells of " + frames + " frames of " + width + " × " + height + ", " + fps + " a second");
        }
        if ((long) width * height > maxFramePixels) {
            throw new ImageException("video " + name + " has frames of " + width + " × " + height + " pixels, but "
                    + maxFramePixels + " in all are allowed: scale it down or raise maxImagePixels");
        }
        boolean lies =
                Math.abs(stream.path("side_data_list").findPath("rotation").asInt()) % 180 == 90;
        return new VideoStream(
                lies ? new PictureSize(height, width) : new PictureSize(width, height),
                frames,
                fps,
                seconds(stream, frames / fps));
    }

    /** Its length, which Matroska and WebM tell of no stream. */
    private static double seconds(JsonNode stream, double otherwise) {
        double seconds = stream.path("duration_ts").asDouble()
                * rate(stream.path("time_base").asText());
        return seconds > 0 && seconds < Double.POSITIVE_INFINITY ? seconds : otherwise;
    }

    /** A fraction such as {@code 30000/1001}. */
    private static double rate(String fraction) {
        String[] parts = fraction.split("/", 2);
        try {
            return Double.parseDouble(parts[0]) / (parts.length < 2 ? 1 : Double.parseDouble(parts[1]));
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}
