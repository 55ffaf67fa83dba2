package io.github.camelvlm.qwen;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The fields that the {@code config.json} of each published model has, and the size of model that they make. */
class PublishedConfigTest {
    private static final Path CONFIGS = Path.of("src/test/resources/published-configs.json");

    @TempDir
    private Path folder;

    static Stream<JsonNode> published() throws IOException {
        JsonNode all = new ObjectMapper().readTree(CONFIGS.toFile());
        return StreamSupport.stream(all.spliterator(), false);
    }

    private QwenConfig read(JsonNode config) throws IOException {
        Files.writeString(folder.resolve("config.json"), config.toString());
        return QwenConfig.read(folder);
    }

    @ParameterizedTest
    @MethodSource("published")
    void makesAModelOfThePublishedSize(JsonNode model) throws IOException {
        QwenConfig config = read(model.get("config"));

        long parameters = WeightShapes.of(config).values().stream()
                .mapToLong(shape -> shape.stream().reduce(1L, Math::multiplyExact))
                .sum();
        // To the digits that hubs show.
        assertThat(parameters / 1e9)
                .as(model.get("id").asText())
                .isCloseTo(model.get("billions").asDouble(), Offset.offset(parameters > 10e9 ? 0.05 : 0.005));
        assertThat(config.text().ropeAxes()).hasSize(64);
        assertThat(config.text().headDim()).isEqualTo(128);
    }

    @ParameterizedTest
    @MethodSource("published")
    void isTheSameModelAsTransformersFiveSavesIt(JsonNode model) throws IOException {
        QwenConfig asPublished = read(model.get("config"));

        assertThat(read(nested((ObjectNode) model.get("config")))).isEqualTo(asPublished);
    }

    /** What transformers 5 writes: the decoder's fields in text_config, the base of the rotation beside its sections. */
    private static ObjectNode nested(ObjectNode config) {
        ObjectNode outer = config.deepCopy();
        if (!outer.has("text_config")) {
            ObjectNode text = outer.deepCopy();
            text.remove(List.of("vision_config", "image_token_id"));
            outer.retain(Set.of("vision_config", "image_token_id", "tie_word_embeddings", "model_type"));
            outer.set("text_config", text);
        }
        ObjectNode text = (ObjectNode) outer.get("text_config");
        ObjectNode rope = (ObjectNode) text.remove("rope_scaling");
        text.set("rope_parameters", rope.set("rope_theta", text.remove("rope_theta")));
        return outer;
    }

    static Stream<Arguments> quantized() throws IOException {
        String awq = """
                {"bits": 4, "group_size": 128, "modules_to_not_convert": ["visual"], "quant_method": "awq", "version": "gemm",
                 "zero_point": true}""";
        String gptq = """
                {"bits": %d, "damp_percent": 0.01, "dataset": null, "desc_act": false, "group_size": 128,
                 "modules_in_block_to_quantize": null, "quant_method": "gptq", "static_groups": false, "sym": true,
                 "true_sequential": true}""";
        String fp8 = """
                {"activation_scheme": "dynamic", "fmt": "e4m3", "quant_method": "fp8", "weight_block_size": [128, 128],
                 "modules_to_not_convert": ["lm_head", "model.visual.merger.linear_fc1", "model.visual.blocks.0.attn.qkv"]}""";
        return published().flatMap(model -> {
            boolean isThird = model.get("id").asText().contains("Qwen3");
            return isThird
                    ? Stream.of(Arguments.of(model, fp8, "FP8 with a scale for each block of 128 × 128"))
                    : Stream.of(
                            Arguments.of(model, awq, "AWQ, 4 bits in groups of 128"),
                            Arguments.of(model, gptq.formatted(4), "GPTQ, 4 bits in groups of 128"),
                            Arguments.of(model, gptq.formatted(8), "GPTQ, 8 bits in groups of 128"));
        });
    }

    @ParameterizedTest
    @MethodSource("quantized")
    void isAcceptedAsItIsPublishedInFewerBits(JsonNode model, String quantization, String described)
            throws IOException {
        ObjectNode config = model.get("config").deepCopy();
        config.set("quantization_config", new ObjectMapper().readTree(quantization));

        QwenConfig read = read(config);

        assertThat(read.text()).isEqualTo(read(model.get("config")).text());
        assertThat(read.quantization().description()).isEqualTo(described);
    }

    @Test
    void turnsHeadsBySectionsOrInterleaved() throws IOException {
        List<JsonNode> models = published().map(model -> model.get("config")).toList();

        assertThat(read(models.get(0)).text().ropeAxes())
                .startsWith(0, 0)
                .endsWith(2, 2)
                .satisfies(axes -> assertThat(List.of(
                                Collections.frequency(axes, 0),
                                Collections.frequency(axes, 1),
                                Collections.frequency(axes, 2)))
                        .containsExactly(16, 24, 24));
        assertThat(read(models.get(models.size() - 1)).text().ropeAxes())
                .startsWith(0, 1, 2, 0, 1, 2)
                .endsWith(0, 0, 0, 0)
                .satisfies(axes -> assertThat(List.of(
                                Collections.frequency(axes, 0),
                                Collections.frequency(axes, 1),
                                Collections.frequency(axes, 2)))
                        .containsExactly(24, 20, 20));
    }
}
