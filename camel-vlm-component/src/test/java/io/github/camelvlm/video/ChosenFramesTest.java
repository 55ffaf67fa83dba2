package io.github.camelvlm.video;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.camelvlm.chat.FrameSampling;
import io.github.camelvlm.chat.InvalidRequestException;
import io.github.camelvlm.chat.VideoProfile;
import io.github.camelvlm.media.PictureSize;
import java.io.File;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/** The numbers are those of {@code smart_nframes} and {@code torch.linspace(…).round()}. */
class ChosenFramesTest {
    private static VideoStream film(int frames, double fps) {
        return new VideoStream(new PictureSize(1, 1), frames, fps, frames / fps);
    }

    private static FrameSampling sampling(Double fps, Integer frames) {
        return new FrameSampling(fps, frames, null, null, null, null);
    }

    @Test
    void areTwoASecondAndEvenlySpaced() {
        ChosenFrames chosen = ChosenFrames.of(film(100, 25), FrameSampling.DEFAULT);

        assertThat(chosen.indices()).containsExactly(0, 14, 28, 42, 57, 71, 85, 99);
        assertThat(chosen.fps()).isEqualTo(2);
    }

    @Test
    void takeTheEvenOneOfTwoThatAreAsNear() {
        // 0, 2.5, 5, 7.5, 10 and so on
        assertThat(ChosenFrames.of(film(26, 26), sampling(null, 6)).indices()).containsExactly(0, 5, 10, 15, 20, 25);
        assertThat(ChosenFrames.of(film(8, 8), sampling(null, 4)).indices()).containsExactly(0, 2, 5, 7);
        assertThat(ChosenFrames.of(film(16, 16), sampling(null, 4)).indices()).containsExactly(0, 5, 10, 15);
        assertThat(ChosenFrames.of(film(14, 14), sampling(null, 6)).indices()).containsExactly(0, 3, 5, 8, 10, 13);
    }

    @Test
    void areFourAtLeastAndSevenHundredAndSixtyEightAtMost() {
        assertThat(ChosenFrames.of(film(30, 30), FrameSampling.DEFAULT).indices())
                .hasSize(4);
        assertThat(ChosenFrames.of(film(108_000, 30), FrameSampling.DEFAULT).indices())
                .hasSize(768)
                .startsWith(0, 141)
                .endsWith(107_999);
    }

    @Test
    void areThoseThatThereAreOfAVeryShortVideo() {
        assertThat(ChosenFrames.of(film(3, 30), FrameSampling.DEFAULT).indices())
                .containsExactly(0, 2);
        assertThat(ChosenFrames.of(film(1, 30), FrameSampling.DEFAULT).indices())
                .containsExactly(0);
    }

    @Test
    void comeFromThePartThatIsAskedFor() {
        FrameSampling part = new FrameSampling(1.0, null, null, null, 10.0, 19.99);

        ChosenFrames chosen = ChosenFrames.of(film(1000, 10), part);

        assertThat(chosen.indices()).hasSize(10).startsWith(100).endsWith(199);
        assertThat(chosen.fps()).isEqualTo(1);
    }

    @Test
    void refuseWhatTheVideoDoesNotHave() {
        assertThatThrownBy(() -> ChosenFrames.of(film(10, 10), sampling(null, 12)))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("nframes must be at most the 10 frames of the video, but is 12");
        assertThatThrownBy(() -> ChosenFrames.of(film(10, 10), new FrameSampling(null, null, null, null, 1.5, null)))
                .hasMessageContaining(
                        "video_start to video_end holds no frame: the video has 10 frames, 10.0 a second");
    }

    @Test
    void areThoseOfLlamaFactoryInItsProfile() throws IOException {
        JsonNode cases = new ObjectMapper().readTree(new File("src/test/resources/goldens/llama-factory-frames.json"));
        assertThat(cases.get("frames")).isNotEmpty().allSatisfy(golden -> {
            VideoStream stream = new VideoStream(
                    new PictureSize(1, 1),
                    golden.get("total").asInt(),
                    golden.get("fps").asDouble(),
                    golden.get("seconds").asDouble());
            FrameSampling sampling = new FrameSampling(
                    golden.get("video_fps").asDouble(),
                    null,
                    null,
                    golden.get("video_maxlen").asInt(),
                    null,
                    null,
                    VideoProfile.LLAMA_FACTORY);

            ChosenFrames chosen = ChosenFrames.of(stream, sampling);

            assertThat(IntStream.of(chosen.indices()).boxed())
                    .containsExactlyElementsOf(numbers(golden.get("indices"), JsonNode::asInt));
            assertThat(chosen.fps()).isEqualTo(golden.get("sampled_fps").asDouble());
            assertThat(pairs(chosen.seconds()))
                    .containsExactlyElementsOf(numbers(golden.get("times"), JsonNode::asText));
        });
    }

    @Test
    void areTwoASecondAndAHundredAndTwentyEightAtMostInLlamaFactorysProfile() {
        FrameSampling own = new FrameSampling(null, null, null, null, null, null, VideoProfile.LLAMA_FACTORY);

        assertThat(ChosenFrames.of(film(100, 25), own).indices()).hasSize(8).startsWith(0, 14, 28, 42, 56);
        assertThat(ChosenFrames.of(film(108_000, 30), own).indices()).hasSize(128);
        assertThat(ChosenFrames.of(film(108_000, 30), own.within(100)).indices())
                .hasSize(100);
    }

    @Test
    void areOfThePartThatIsAskedForInLlamaFactorysProfile() {
        FrameSampling part = new FrameSampling(null, null, null, null, 1.0, 2.0, VideoProfile.LLAMA_FACTORY);
        FrameSampling three = new FrameSampling(null, 3, null, null, null, null, VideoProfile.LLAMA_FACTORY);

        assertThat(ChosenFrames.of(film(100, 10), part).indices()).containsExactly(10, 20);
        assertThat(ChosenFrames.of(film(100, 10), three).indices()).containsExactly(0, 49, 99);
    }

    private static <T> List<T> numbers(JsonNode list, Function<JsonNode, T> number) {
        return StreamSupport.stream(list.spliterator(), false).map(number).toList();
    }

    /** As Qwen3-VL is told the times of two frames. */
    private static List<String> pairs(double[] seconds) {
        return IntStream.range(0, (seconds.length + 1) / 2)
                .mapToObj(i -> (seconds[2 * i] + seconds[Math.min(2 * i + 1, seconds.length - 1)]) / 2)
                .map(time ->
                        new BigDecimal(time).setScale(1, RoundingMode.HALF_EVEN).toPlainString())
                .toList();
    }
}
