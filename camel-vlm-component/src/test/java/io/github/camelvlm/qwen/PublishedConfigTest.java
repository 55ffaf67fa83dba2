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
