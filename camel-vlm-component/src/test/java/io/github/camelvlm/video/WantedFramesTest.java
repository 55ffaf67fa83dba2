package io.github.camelvlm.video;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.camelvlm.chat.FrameSampling;
import io.github.camelvlm.chat.VideoFile;
import io.github.camelvlm.media.PictureFrames;
import io.github.camelvlm.media.PictureSize;
import io.github.camelvlm.process.BoundedProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Wanted frames are those that they are when all are decoded, though as little as possible is. */
@Timeout(120)
class WantedFramesTest {
    private static final int WIDTH = 64;
    private static final int HEIGHT = 48;
    private static final int FRAME = 3 * WIDTH * HEIGHT;
    private static final Path FILMS = Path.of("src/test/resources/media/films").toAbsolutePath();
    private static final String TEST = "testsrc=size=64x48:rate=10:duration=20";

    @TempDir
    static Path folder;

    private static FfmpegPrograms programs;

    @BeforeAll
    static void find() {
        programs = FfmpegPrograms.find().orElseThrow();
    }

    private static byte[] ffmpeg(String arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(programs.ffmpeg().toString(), "-v", "fatal", "-nostdin", "-y"));
        command.addAll(List.of(arguments.split(" ")));
        Path output = Files.createTempFile(folder, "ffmpeg", "");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .redirectOutput(output.toFile());
        builder.environment().put("LD_LIBRARY_PATH", String.valueOf(programs.libraries()));
        assertThat(builder.start().waitFor()).isZero();
        return Files.readAllBytes(output);
    }

    /** All frames of a film, one behind the other. */
    private static byte[] all(Path film) throws Exception {
        return ffmpeg("-i " + film + " -map 0:V:0 -fps_mode passthrough -f rawvideo -pix_fmt rgb24 -s 64x48 pipe:1");
    }

    private static FrameSampling frames(int count) {
        return new FrameSampling(null, count, null, null, null, null);
    }

    /** How many packets are decoded. */
    private static int decoded(Path film, FrameSampling sampling) throws IOException {
        byte[] bytes = Files.readAllBytes(film);
        VideoContainer container = VideoContainer.of(bytes).orElseThrow();
        try (VideoSource source = VideoSource.of(container.demuxer(), out -> out.write(bytes));
                BoundedProcess run = programs.start(
                        source.command(programs.ffprobe(), List.of(), VideoProbe.OPTIONS),
                        source.folder(),
                        Duration.ofMinutes(1),
                        new CompletableFuture<>())) {
            VideoProbe probe = VideoProbe.read(run);
            int[] wanted = ChosenFrames.of(probe.stream(), sampling).distinct();
            int offset = container.packetOffset();
            return probe
                    .packets()
                    .enoughFor(
                            wanted,
                            probe.isReordered(),
                            (place, size) -> KeyFrame.isWhole(bytes, place + offset, size, probe.codec()))
                    .orElseThrow()
                    .parts()
                    .stream()
                    .mapToInt(part -> part.last() - part.first() + 1)
                    .sum();
        }
    }

    private static void assertExact(Path film, FrameSampling sampling) throws Exception {
        byte[] all = all(film);
        int there = all.length / FRAME;
        VideoStream stream = new VideoStream(null, there, 10, there / 10.0);
        int[] expected = ChosenFrames.of(stream, sampling).indices();
        VideoFile file = new VideoFile("film", Files.readAllBytes(film), sampling);
        try (PictureFrames shown = new VideoDecoder(1_000_000).open(file, new CompletableFuture<>())) {
            assertThat(shown.count()).isEqualTo(expected.length);
            for (int index : expected) {
                assertThat(shown.next().rgb())
                        .as("frame %d", index)
                        .isEqualTo(Arrays.copyOfRange(all, index * FRAME, (index + 1) * FRAME));
            }
        }
    }

    private static void assertExact(Path film) throws Exception {
        assertExact(film, frames(4));
        assertExact(film, frames(14));
        assertExact(film, frames(100));
        assertExact(film, new FrameSampling(0.5, null, null, null, 8.25, 14.0));
    }

    private static Path made(String name, String arguments) throws Exception {
        ffmpeg(arguments + " " + name);
        return folder.resolve(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"closed.mp4", "closed-h265.mp4"})
    void needTheirKeyFramesOnWhereThoseForgetEverything(String name) throws Exception {
        Path film = FILMS.resolve(name);
        assertExact(film);
        assertThat(decoded(film, frames(4))).isLessThan(50);
    }

    @ParameterizedTest
    @ValueSource(strings = {"open.mp4", "open-h265.mp4", "refreshed.mkv"})
    void needAllThatIsBeforeThemWhereKeyFramesDoNotForget(String name) throws Exception {
        Path film = FILMS.resolve(name);
        assertExact(film);
        assertThat(decoded(film, frames(4))).isGreaterThan(190);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-c copy closed.mkv",
                "-c copy -movflags frag_keyframe+empty_moov fragments.mp4",
                "-c copy -live 1 -f matroska live.mkv",
                "-c copy -output_ts_offset 3 -movflags negative_cts_offsets late.mov"
            })
    void areFoundInEveryContainer(String arguments) throws Exception {
        String name = arguments.substring(arguments.lastIndexOf(' ') + 1);
        Path film = made(name, "-i " + FILMS.resolve("closed.mp4") + " " + arguments.replace(" " + name, ""));
        assertExact(film);
        assertThat(decoded(film, frames(4))).isLessThan(50);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-c:v libvpx -deadline realtime vp8.webm",
                "-c:v libvpx-vp9 -deadline realtime -cpu-used 8 -lag-in-frames 10 -auto-alt-ref 1 vp9.webm",
                "-c:v libaom-av1 -usage realtime -cpu-used 8 av1.mp4",
                "-c:v libopenh264 h264.mp4"
            })
    void areFoundWhateverTheCodec(String arguments) throws Exception {
        String name = arguments.substring(arguments.lastIndexOf(' ') + 1);
        Path film = made(name, "-f lavfi -i " + TEST + " -pix_fmt yuv420p -g 10 " + arguments.replace(" " + name, ""));
        assertExact(film);
        assertThat(decoded(film, frames(4))).isLessThan(50);
    }

    /** A file that is cut between key frames holds what is before the cut too, which is not shown. */
    @Test
    void areCountedWithoutThoseThatAnEditListCutsOff() throws Exception {
        String whole = "-f lavfi -i " + TEST + " -pix_fmt yuv420p -c:v libopenh264 -g 100";
        Path film = made("cut.mp4", "-ss 8 -i " + made("whole.mp4", whole) + " -c copy");
        assertThat(all(film)).hasSize(120 * FRAME);
        assertExact(film);
    }

    /** Their times are not those of evenly spaced ones, but their order is. */
    @Test
    void areFoundAtUnevenTimes() throws Exception {
        Path film = made(
                "uneven.mkv",
                "-f lavfi -i " + TEST
                        + " -vf setpts=(N+floor(N/7)*3)/10/TB -fps_mode vfr -pix_fmt yuv420p -c:v libopenh264 -g 10");
        assertExact(film, frames(4));
        assertExact(film, frames(14));
    }

    /** ffmpeg counts from zero again when the size changes. */
    @Test
    void areFoundBehindAChangeOfSize() throws Exception {
        String half = " -c:v libopenh264 -g 5 -f h264";
        byte[] small = Files.readAllBytes(made("a.h264", "-f lavfi -i testsrc=size=64x48:rate=10:duration=2" + half));
        byte[] large = Files.readAllBytes(made("b.h264", "-f lavfi -i testsrc=size=96x80:rate=10:duration=2" + half));
        Files.write(folder.resolve("two.h264"), small);
        Files.write(folder.resolve("two.h264"), large, StandardOpenOption.APPEND);
        Path film = made("two.mp4", "-f h264 -r 10 -i two.h264 -c copy");
        VideoFile file = new VideoFile("two.mp4", Files.readAllBytes(film), frames(4));
        byte[] all = all(film);
        try (PictureFrames shown = new VideoDecoder(1_000_000).open(file, new CompletableFuture<>())) {
            for (int index : new int[] {0, 13, 26, 39}) {
                assertThat(shown.next().rgb())
                        .as("frame %d", index)
                        .isEqualTo(Arrays.copyOfRange(all, index * FRAME, (index + 1) * FRAME));
            }
        }
    }

    @Test
    void areCountedWhereTheirTimesAreNotKnown() throws Exception {
        String closed = "-i " + FILMS.resolve("closed.mp4") + " -c copy -avoid_negative_ts disabled";
        assertExact(made("early.mkv", closed + " -output_ts_offset -1.5"));
    }

    /** An older ffmpeg drops no packets, and a system may not take the long command. */
    @Test
    void areCountedWhereNoPacketsCanBeDropped() throws Exception {
        Path film = FILMS.resolve("closed.mp4");
        byte[] bytes = Files.readAllBytes(film);
        byte[] all = all(film);
        VideoStream stream = new VideoStream(new PictureSize(WIDTH, HEIGHT), 200, 10, 20);
        VideoSource source = VideoSource.of(VideoContainer.MOV.demuxer(), out -> out.write(bytes));
        int[] wanted = {0, 73, 199};
        List<String> counted = FfmpegFrames.command(programs.ffmpeg(), source, stream, wanted);
        List<String> unknown = new ArrayList<>(counted);
        unknown.add(1, "-unknown");
        List<String> missing = List.of("/no/such/program");
        try (PictureFrames shown = new FfmpegFrames(
                "film",
                stream,
                new ChosenFrames(wanted, 1, new double[3]),
                source,
                List.of(missing, unknown, counted),
                (command, limit) -> programs.start(command, source.folder(), limit, new CompletableFuture<>()))) {
            for (int index : wanted) {
                assertThat(shown.next().rgb()).isEqualTo(Arrays.copyOfRange(all, index * FRAME, (index + 1) * FRAME));
            }
        }
    }

    @Test
    void doNotLeaveAProcessRunningWhoseOutputCannotBeRead() throws Exception {
        Path film = FILMS.resolve("closed.mp4");
        byte[] bytes = Files.readAllBytes(film);
        VideoStream stream = new VideoStream(new PictureSize(WIDTH, HEIGHT), 200, 10, 20);
        VideoSource source = VideoSource.of(VideoContainer.MOV.demuxer(), out -> out.write(bytes));
        int[] wanted = {0};
        List<BoundedProcess> begun = new ArrayList<>();
        try (PictureFrames shown = new FfmpegFrames(
                "film",
                stream,
                new ChosenFrames(wanted, 1, new double[1]),
                source,
                List.of(List.of("/bin/sleep", "60"), FfmpegFrames.command(programs.ffmpeg(), source, stream, wanted)),
                (command, limit) -> {
                    begun.add(programs.start(command, source.folder(), limit, new CompletableFuture<>()));
                    if (begun.size() == 1) {
                        begun.get(0).output().close();
                    }
                    return begun.get(begun.size() - 1);
                })) {
            assertThat(shown.next().rgb()).isEqualTo(Arrays.copyOf(all(film), FRAME));
            assertThatThrownBy(() -> begun.get(0).awaitSuccess()).hasMessage("its process ended with status 137");
        }
    }
}
