package io.github.camelvlm.video;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.camelvlm.media.CodedFrames;
import io.github.camelvlm.media.FrameDecoder;
import io.github.camelvlm.media.FrameFormat;
import io.github.camelvlm.media.ImageException;
import io.github.camelvlm.process.BoundedProcess;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Decodes the pixels of HEIC and AVIF pictures by ffmpeg, which sees nothing of their files but the coded pixels. Safe for
 * use by many threads.
 */
public final class FfmpegStills implements FrameDecoder {
    private static final Duration PROBING = Duration.ofSeconds(20);
    private static final Duration DECODING = Duration.ofSeconds(60);
    private static final int MAX_PROBE_BYTES = 64 << 10;

    private static final Pattern PIXELS = Pattern.compile("(gray|yuvj?|gbr)(4[24][024])?(p)?(9|1[0-6])?(le|be)?");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Supplier<Optional<FfmpegPrograms>> programs;

    /** Decodes by the programs of {@code org.bytedeco:ffmpeg} if it is on the class path, else by those installed. */
    public FfmpegStills() {
        this(FfmpegPrograms::find);
    }

    FfmpegStills(Supplier<Optional<FfmpegPrograms>> programs) {
        this.programs = programs;
    }

    @Override
    public void decode(String name, CodedFrames coded, Frames frames, CompletionStage<?> cancellation) {
        FfmpegPrograms found = programs.get().orElseThrow(() -> FfmpegPrograms.missing("picture " + name));
        try (VideoSource source = VideoSource.of(demuxer(coded.codec()), coded.stream()::writeTo)) {
            Pixels pixels = probe(found, source, coded, cancellation);
            List<String> command = source.command(
                    found.ffmpeg(),
                    List.of("-nostdin", "-threads", "2", "-max_pixels", String.valueOf(coded.mostPixels())),
                    List.of(
                            "-map",
                            "0:v:0",
                            "-fps_mode",
                            "passthrough",
                            "-frames:v",
                            String.valueOf(coded.count()),
                            "-f",
                            "rawvideo",
                            "-pix_fmt",
                            pixels.name(),
                            "pipe:1"));
            try (BoundedProcess run = found.start(command, source.folder(), DECODING, cancellation)) {
                read(run, coded, pixels.format(), frames);
            }
        } catch (IOException e) {
            throw new ImageException(
                    "picture " + name + " cannot be decoded, " + e.getMessage() + ": convert it to PNG or JPEG", e);
        }
    }

    private static String demuxer(CodedFrames.Codec codec) {
        return switch (codec) {
            case HEVC -> "hevc";
            case AV1 -> "ivf";
        };
    }

    private static void read(BoundedProcess run, CodedFrames coded, FrameFormat format, Frames frames)
            throws IOException {
        byte[] samples = new byte[Math.toIntExact(format.bytes())];
        InputStream output = run.output();
        for (int i = 0; i < coded.count(); i++) {
            if (output.readNBytes(samples, 0, samples.length) < samples.length) {
                run.awaitSuccess();
                throw new IOException("it ends after " + i + " of its " + coded.count() + " parts");
            }
            frames.take(format, samples);
        }
    }

    /** What ffmpeg calls a format of pixels, and how it is read. */
    private record Pixels(String name, FrameFormat format) {}

    private static Pixels probe(
            FfmpegPrograms programs, VideoSource source, CodedFrames coded, CompletionStage<?> cancellation)
            throws IOException {
        List<String> command = source.command(
                programs.ffprobe(),
                List.of("-max_pixels", String.valueOf(coded.mostPixels())),
                List.of(
                        "-select_streams",
                        "v:0",
                        "-show_entries",
                        "stream=width,height,pix_fmt,color_range,color_space",
                        "-of",
                        "json"));
        try (BoundedProcess run = programs.start(command, source.folder(), PROBING, cancellation);
                InputStream output = run.output()) {
            byte[] told = output.readNBytes(MAX_PROBE_BYTES);
            run.awaitSuccess();
            return pixels(JSON.readTree(told).path("streams").path(0), coded);
        }
    }

    private static Pixels pixels(JsonNode stream, CodedFrames coded) throws IOException {
        int width = stream.path("width").asInt();
        int height = stream.path("height").asInt();
        String name = stream.path("pix_fmt").asText();
        Matcher parts = PIXELS.matcher(name);
        if (width < 1 || height < 1 || (long) width * height > coded.mostPixels() || !parts.matches()) {
            throw new IOException("it has " + width + " × " + height + " pixels of the kind \"" + name + "\"");
        }
        boolean isGray = parts.group(1).equals("gray");
        boolean isIdentity = parts.group(1).equals("gbr");
        String planes = isGray || isIdentity ? "444" : parts.group(2);
        int bits = parts.group(4) == null ? 8 : Integer.parseInt(parts.group(4));
        boolean isFull = stream.path("color_range").asText().equals("pc")
                || parts.group(1).equals("yuvj");
        FrameFormat format = new FrameFormat(
                width,
                height,
                bits,
                isGray,
                new FrameFormat.Halvings(planes.equals("444") ? 0 : 1, planes.equals("420") ? 1 : 0),
                isFull,
                isIdentity
                        ? FrameFormat.IDENTITY
                        : matrix(stream.path("color_space").asText()));
        return new Pixels(name.replaceFirst("be$", "le"), format);
    }

    /** The number in ITU-T H.273 of what ffmpeg names. */
    private static int matrix(String name) {
        return switch (name) {
            case "gbr" -> FrameFormat.IDENTITY;
            case "bt709" -> 1;
            case "fcc" -> 4;
            case "bt470bg" -> 5;
            case "smpte170m" -> 6;
            case "smpte240m" -> 7;
            case "ycgco" -> 8;
            case "bt2020nc" -> 9;
            case "bt2020c" -> 10;
            default -> FrameFormat.UNKNOWN;
        };
    }
}
