package io.github.camelvlm.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.camelvlm.chat.ChatRequest;
import io.github.camelvlm.chat.Completion;
import io.github.camelvlm.chat.ContextLengthException;
import io.github.camelvlm.chat.EncodedImage;
import io.github.camelvlm.chat.FrameLimits;
import io.github.camelvlm.chat.FrameSampling;
import io.github.camelvlm.chat.Message;
import io.github.camelvlm.chat.Role;
import io.github.camelvlm.chat.SamplingOptions;
import io.github.camelvlm.chat.TextPart;
import io.github.camelvlm.chat.UnreadablePictureException;
import io.github.camelvlm.chat.VideoFile;
import io.github.camelvlm.chat.VideoFrames;
import io.github.camelvlm.chat.VideoPart;
import io.github.camelvlm.goldens.GoldenCase;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class VideoTest {
    private static final FrameLimits SMALL = new FrameLimits(3136, 3136, null);

    /** Frames of which no two are equal. */
    private static VideoFrames frames(int count) throws IOException {
        List<EncodedImage> frames = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            BufferedImage image = new BufferedImage(56, 56, BufferedImage.TYPE_INT_RGB);
            image.setRGB(i % 56, i / 56, Color.RED.getRGB());
            ByteArrayOutputStream png = new ByteArrayOutputStream();
            ImageIO.write(image, "png", png);
            frames.add(new EncodedImage("frame " + i, png.toByteArray()));
        }
        return new VideoFrames("film", frames, 2);
    }

    private static ChatRequest ask(VideoPart video, String question) {
        return Engines.request(
                List.of(new Message(Role.USER, List.of(video, new TextPart(question)))),
                SamplingOptions.builder().temperature(0.0).maxTokens(4).build());
    }

    @Test
    void encodesALongVideoOnceHoweverOftenItIsAskedAbout() throws Exception {
        VideoPart film = new VideoPart(frames(201), SMALL, null);
        AtomicReference<FailingProgram> watched = new AtomicReference<>();
        try (LocalEngine engine = LocalEngine.load(
                Engines.options(GoldenCase.RANDOM_VL3, "float32"),
                program -> watched.updateAndGet(before -> new FailingProgram(program)))) {
            Completion first = engine.generate(ask(film, "What happens?")).await();
            Completion second = engine.generate(ask(film, "How does it end?")).await();

            assertThat(watched.get().made(FailingProgram.Call.BEGIN)).isEqualTo(101);
            assertThat(first.usage().promptTokens()).isGreaterThan(101);
            assertThat(second.usage().cachedTokens())
                    .isGreaterThan(first.usage().promptTokens() - 20);
            assertThat(first.pictures()).as("frames are no pictures").isEmpty();
        }
    }

    @Test
    void takesOverWhatAVideoSharesWithAnotherOne() throws Exception {
        VideoFrames whole = frames(20);
        List<EncodedImage> changed = new ArrayList<>(whole.frames());
        changed.set(10, frames(200).frames().get(199));
        ChatRequest other = ask(new VideoPart(new VideoFrames("other", changed, 2), SMALL, null), "What happens?");
        ChatRequest film = ask(new VideoPart(whole, SMALL, null), "What happens?");
        Completion alone;
        try (LocalEngine engine = LocalEngine.load(Engines.options(GoldenCase.RANDOM_VL, "float32"))) {
            alone = engine.generate(film).await();
        }
        try (LocalEngine engine = LocalEngine.load(Engines.options(GoldenCase.RANDOM_VL, "float32"))) {
            engine.generate(other).await();
            Completion after = engine.generate(film).await();

            // Five pairs of four tokens, and the words before them.
            assertThat(after.usage().cachedTokens()).isBetween(20, 36);
            assertThat(after.text()).isEqualTo(alone.text());
        }
    }

    /** The same tokens and pictures, at other positions. */
    @Test
    void takesOverNothingOfTheSameFramesAtAnotherSpeed() throws Exception {
        VideoPart slow = new VideoPart(new VideoFrames("slow", frames(8).frames(), 0.5), SMALL, null);
        VideoPart fast = new VideoPart(new VideoFrames("fast", frames(8).frames(), 4), SMALL, null);
        Completion alone;
        try (LocalEngine engine = LocalEngine.load(Engines.options(GoldenCase.RANDOM_VL25, "float32"))) {
            alone = engine.generate(ask(fast, "What happens?")).await();
        }
        try (LocalEngine engine = LocalEngine.load(Engines.options(GoldenCase.RANDOM_VL25, "float32"))) {
            engine.generate(ask(slow, "What happens?")).await();
            Completion after = engine.generate(ask(fast, "What happens?")).await();

            // The words before them, and the first pair.
            assertThat(after.usage().cachedTokens()).isBetween(4, 20);
            assertThat(after.text()).isEqualTo(alone.text());
        }
    }

    @Test
    void saysBeforeAnythingIsDecodedThatAVideoDoesNotFit() throws Exception {
        List<EncodedImage> broken = new ArrayList<>(frames(1).frames());
        while (broken.size() < 2000) {
            broken.add(new EncodedImage("broken", new byte[] {1}));
        }
        VideoPart film = new VideoPart(new VideoFrames("film", broken, 2), SMALL, null);
        try (LocalEngine engine = LocalEngine.load(Engines.options(GoldenCase.RANDOM_VL, "float32", 1000, 2, 2))) {
            assertThatThrownBy(() -> engine.generate(ask(film, "What happens?")))
                    .isInstanceOf(ContextLengthException.class)
                    .hasMessageContaining("the prompt has 4000 tokens or more, and the context holds 1000")
                    .hasMessageContaining("fewer frames");
        }
    }

    /** Its frames are lost, so that decoding would say so. */
    @Test
    void decodesNoFrameOfAFilmThatDoesNotFit() throws Exception {
        byte[] film = Files.readAllBytes(Path.of("../samples/videos/circle-then-square.mp4"));
        int frames = new String(film, StandardCharsets.ISO_8859_1).indexOf("mdat") + 4;
        int end = frames - 8 + ByteBuffer.wrap(film).getInt(frames - 8);
        Arrays.fill(film, frames, end, (byte) 0);
        VideoFile lost = new VideoFile("lost.mp4", film);
        try (LocalEngine engine = LocalEngine.load(Engines.options(GoldenCase.RANDOM_VL, "float32", 1000, 2, 2))) {
            for (int pixels : new int[] {1_000_000, 2_000_000_000, Integer.MAX_VALUE}) {
                FrameLimits large = new FrameLimits(pixels, null, null);
                assertThatThrownBy(() -> engine.generate(ask(new VideoPart(lost, large, null), "What happens?")))
                        .isInstanceOf(ContextLengthException.class)
                        .hasMessageContaining("tokens or more, and the context holds 1000");
            }
            assertThatThrownBy(() -> engine.generate(ask(new VideoPart(lost, SMALL, null), "What happens?")))
                    .isInstanceOf(UnreadablePictureException.class)
                    .hasMessageContaining("video lost.mp4 cannot be decoded");
        }
    }

    /** A circle goes to the right, and is a square in the end. */
    @Test
    void seesWhatFollowsWhatInAFilm() throws Exception {
        byte[] film = Files.readAllBytes(Path.of("../samples/videos/circle-then-square.mp4"));
        try (LocalEngine engine = LocalEngine.load(Engines.options(GoldenCase.SHAPES_VL, "float32"))) {
            assertThat(says(engine, film, FrameSampling.DEFAULT, "Describe this image."))
                    .isEqualTo("A red circle to the left of a blue square, on a white background.");
            assertThat(says(engine, film, part(0, 1.9), "What color is it?")).isEqualTo("Red.");
            assertThat(says(engine, film, part(2.1, 3.9), "What color is it?")).isEqualTo("Blue.");
        }
    }

    private static FrameSampling part(double start, double end) {
        return new FrameSampling(null, null, null, null, start, end);
    }

    private static String says(LocalEngine engine, byte[] film, FrameSampling sampling, String question)
            throws InterruptedException {
        FrameLimits asTrained = new FrameLimits(null, 112 * 112, null);
        VideoPart part = new VideoPart(new VideoFile("film.mp4", film, sampling), asTrained, null);
        return engine.generate(Engines.request(
                        List.of(new Message(Role.USER, List.of(part, new TextPart(question)))),
                        SamplingOptions.builder().temperature(0.0).maxTokens(40).build()))
                .await()
                .text();
    }
}
