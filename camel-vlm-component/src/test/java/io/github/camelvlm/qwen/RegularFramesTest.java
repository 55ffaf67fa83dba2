package io.github.camelvlm.qwen;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.camelvlm.chat.FrameLimits;
import io.github.camelvlm.chat.VideoProfile;
import io.github.camelvlm.goldens.GoldenCase;
import io.github.camelvlm.media.ImageDecoder;
import io.github.camelvlm.media.PictureSize;
import io.github.camelvlm.media.Pictures;
import io.github.camelvlm.media.RgbImage;
import io.github.camelvlm.model.FrameSizes;
import java.io.IOException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Frames of videos in LLaMA-Factory's profile, against its own rules, Pillow and transformers. */
class RegularFramesTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static QwenVision vision(Path model) throws IOException {
        return new QwenVision(QwenConfig.read(model), ImageProcessorConfig.read(model, ImageProcessorConfig.QWEN2_VL));
    }

    private static JsonNode goldens(String name) throws IOException {
        return JSON.readTree(Pictures.bytes("goldens/llama-factory-frames.json"))
                .get(name);
    }

    private static FrameLimits limits(JsonNode golden) {
        return new FrameLimits(
                golden.has("video_min_pixels") ? golden.get("video_min_pixels").asInt() : null,
                golden.get("video_max_pixels").asInt(),
                null,
                VideoProfile.LLAMA_FACTORY);
    }

    private static PictureSize size(JsonNode sides) {
        return new PictureSize(sides.get(0).asInt(), sides.get(1).asInt());
    }

    @ParameterizedTest
    @CsvSource({"random-vl, qwen2", "random-vl25, qwen2", "random-vl3, qwen3"})
    void haveTheSizesOfTheGoldensInEachFamily(String model, String field) throws IOException {
        QwenVision vision = vision(Path.of("src/test/resources/models", model));
        assertThat(goldens("sizes")).isNotEmpty().allSatisfy(golden -> {
            PictureSize film = new PictureSize(
                    golden.get("width").asInt(), golden.get("height").asInt());
            assertThat(vision.frameSizes("film", film, golden.get("frames").asInt(), limits(golden)))
                    .as("%s", golden)
                    .isEqualTo(new FrameSizes(size(golden.get("regular")), size(golden.get(field))));
        });
    }

    @Test
    void haveThePixelsOfTheGoldensToTheBit() throws Exception {
        QwenVision vision = vision(GoldenCase.RANDOM_VL);
        for (JsonNode golden : goldens("pixels")) {
            String name = golden.get("picture").asText();
            RgbImage frame = new ImageDecoder(Long.MAX_VALUE).decode(name, Pictures.bytes("goldens/" + name));
            FrameSizes sizes =
                    vision.frameSizes(name, new PictureSize(frame.width(), frame.height()), 2, limits(golden));

            byte[] pair = vision.processPair(frame, frame, sizes).rgb();

            assertThat(sizes.seen()).isEqualTo(size(golden.get("size")));
            assertThat(sha256(Arrays.copyOf(pair, pair.length / 2)))
                    .isEqualTo(golden.get("sha256").asText());
        }
    }

    private static String sha256(byte[] bytes) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }
}
