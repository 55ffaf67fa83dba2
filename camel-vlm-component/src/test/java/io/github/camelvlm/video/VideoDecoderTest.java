package io.github.camelvlm.video;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.camelvlm.chat.FrameSampling;
import io.github.camelvlm.chat.VideoFile;
import io.github.camelvlm.media.ImageException;
import io.github.camelvlm.media.PictureFrames;
import io.github.camelvlm.media.PictureSize;
import io.github.camelvlm.media.RgbImage;
import io.github.camelvlm.process.LeftFolders;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.NoSuchElementException;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The films of {@code samples/videos}: 40 frames in 4 s, in which a red circle goes to the right and becomes a blue square. */
@Timeout(120)
class VideoDecoderTest {
    private static final Path VIDEOS = Path.of("../samples/videos");
    private static final VideoDecoder DECODER = new VideoDecoder(1_000_000);

    private LeftFolders left;

    @BeforeEach
    void rememberFolders() throws IOException {
        left = new LeftFolders("camel-vlm-video");
    }

    @AfterEach
    void leavesNoFileBehind() throws Exception {
        left.requireNone();
    }

    private static byte[] bytes(String name) throws IOException {
        return Files.readAllBytes(VIDEOS.resolve(name));
    }

    private static PictureFrames open(String name, FrameSampling sampling) throws IOException {
        return DECODER.open(new VideoFile(name, bytes(name), sampling), new CompletableFuture<>());
    }

    @ParameterizedTest
    @ValueSource(strings = {"circle-then-square.mp4", "h265.mp4", "vp9.webm", "av1.mkv"})
    void showsTwoFramesOfEachSecondWhateverTheCodec(String name) throws IOException {
        try (PictureFrames frames = open(name, FrameSampling.DEFAULT)) {
            assertThat(frames.count()).isEqualTo(8);
            assertThat(frames.fps()).isEqualTo(2);
            assertThat(frames.size()).isEqualTo(new PictureSize(112, 112));
            assertThat(frames.seconds(0)).isZero();
            assertThat(frames.seconds(7)).isEqualTo(3.9);
            for (int i = 0; i < 8; i++) {
                RgbImage frame = frames.next();
                // Where the shape is by then, and its colour.
                int x = (int) Math.round(112 * (0.25 + 0.5 * frames.seconds(i) / 4));
                assertThat(pixel(frame, x, 56)).as("frame %d", i).isEqualTo(i < 4 ? "red" : "blue");
                assertThat(pixel(frame, 5, 5)).isEqualTo("white");
            }
            assertThatThrownBy(frames::next).isInstanceOf(NoSuchElementException.class);
        }
    }

    private static String pixel(RgbImage image, int x, int y) {
        int at = 3 * (y * image.width() + x);
        int red = image.rgb()[at] & 0xFF;
        int blue = image.rgb()[at + 2] & 0xFF;
        return red > 200 && blue > 200 ? "white" : red > 150 && blue < 100 ? "red" : blue > 150 ? "blue" : "another";
    }

    @Test
    void turnsFramesUpright() throws IOException {
        try (PictureFrames frames = open("turned.mov", FrameSampling.DEFAULT)) {
            assertThat(frames.size()).isEqualTo(new PictureSize(56, 112));
            assertThat(frames.next().width()).isEqualTo(56);
        }
    }

    @Test
    void showsWhatIsAskedForAlone() throws IOException {
        FrameSampling lastSecond = new FrameSampling(null, 4, null, null, 3.0, null);
        try (PictureFrames frames = open("circle-then-square.mp4", lastSecond)) {
            assertThat(frames.count()).isEqualTo(4);
            assertThat(frames.seconds(0)).isEqualTo(3);
            assertThat(frames.fps()).isEqualTo(4);
            assertThat(pixel(frames.next(), 73, 56)).isEqualTo("blue");
        }
    }

    @Test
    void endsAProcessThatIsNotReadToItsEnd() throws IOException {
        PictureFrames frames = open("circle-then-square.mp4", new FrameSampling(10.0, null, null, null, null, null));
        frames.next();
        frames.close();

        assertThatThrownBy(frames::next).isInstanceOf(ImageException.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {14, 3000})
    void saysOfAFileThatIsCutOffWhere(int length) throws IOException {
        byte[] cut = Arrays.copyOf(bytes("circle-then-square.mp4"), length);
        assertThatThrownBy(() -> DECODER.open(new VideoFile("cut.mp4", cut), new CompletableFuture<>()))
                .isInstanceOf(ImageException.class)
                .hasMessage(String.format(
                        Locale.ROOT, "video cut.mp4 is cut off after %,d bytes: copy the whole file", length));
    }

    @Test
    void saysOfADamagedFileWhatFfmpegSaysWithoutItsNameForTheFile() throws IOException {
        byte[] empty = Arrays.copyOf(bytes("circle-then-square.mp4"), 32);
        assertThatThrownBy(() -> DECODER.open(new VideoFile("empty.mp4", empty), new CompletableFuture<>()))
                .isInstanceOf(ImageException.class)
                .hasMessage("video empty.mp4 cannot be decoded, Invalid data found when processing input: "
                        + "convert it to MP4 with H.264");
    }

    @Test
    void refusesFramesThatAreTooLarge() throws IOException {
        byte[] video = bytes("vp9.webm");
        assertThatThrownBy(() ->
                        new VideoDecoder(10_000).open(new VideoFile("large.webm", video), new CompletableFuture<>()))
                .hasMessage(
                        "video large.webm has frames of 112 × 112 pixels, but 10000 in all are allowed: scale it down"
                                + " or raise maxImagePixels");
    }

    /** ffmpeg would open the files that a list names, or ask other machines for them. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n",
                "ffconcat version 1.0\nfile '/etc/passwd'\n",
                "v=0\no=- 0 0 IN IP4 127.0.0.1\nm=video 5004 RTP/AVP 96\n",
                "<?xml version=\"1.0\"?><MPD><Period/></MPD>"
            })
    void opensNoListOfOtherFiles(String list) {
        VideoFile file = new VideoFile("list.mp4", list.getBytes(StandardCharsets.UTF_8));
        assertThatThrownBy(() -> DECODER.open(file, new CompletableFuture<>()))
                .isInstanceOf(ImageException.class)
                .hasMessageContaining("no MP4, QuickTime, Matroska or WebM file");
    }

    @ParameterizedTest
    @ValueSource(strings = {"circle-then-square.mp4", "h265.mp4", "vp9.webm", "av1.mkv"})
    void readsOrRefusesWhateverIsInAFile(String name) throws IOException {
        SplittableRandom random = new SplittableRandom(3);
        for (int round = 0; round < 8; round++) {
            byte[] broken = bytes(name);
            for (int i = 0; i < 20; i++) {
                broken[random.nextInt(12, broken.length)] = (byte) random.nextInt();
            }
            try (PictureFrames frames = DECODER.open(new VideoFile(name, broken), new CompletableFuture<>())) {
                while (frames.count() > 0) {
                    assertThat(frames.next().width()).isEqualTo(frames.size().width());
                }
            } catch (ImageException | NoSuchElementException e) {
                assertThat(e.getMessage()).isNotEmpty();
            }
        }
    }
}
