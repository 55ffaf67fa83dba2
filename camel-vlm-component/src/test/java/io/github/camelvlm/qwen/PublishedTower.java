package io.github.camelvlm.qwen;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.camelvlm.goldens.EditedModel;
import io.github.camelvlm.goldens.GeneratedWeights;
import io.github.camelvlm.goldens.GoldenCase;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.stream.StreamSupport;

/** The vision tower of a published model, before a decoder of one layer and a small vocabulary. */
public enum PublishedTower {
    QWEN2_VL_7B("Qwen/Qwen2-VL-7B-Instruct"),
    QWEN2_5_VL_7B("Qwen/Qwen2.5-VL-7B-Instruct"),
    QWEN3_VL_8B("Qwen/Qwen3-VL-8B-Instruct");

    private final String id;

    PublishedTower(String id) {
        this.id = id;
    }

    /** The id of the published model. */
    public String id() {
        return id;
    }

    /** Makes a model of random numbers in an empty directory. */
    public void createRandom(Path directory) throws IOException {
        GeneratedWeights.random(directory, WeightShapes.of(configure(directory)));
    }

    private QwenConfig configure(Path directory) throws IOException {
        ObjectNode published = published();
        EditedModel.copy(GoldenCase.SHAPES_VL, directory)
                .delete("model.safetensors")
                .json("config.json", config -> {
                    JsonNode imageToken = config.get("image_token_id");
                    JsonNode end = config.get("eos_token_id");
                    JsonNode vocabulary = config.get("vocab_size");
                    config.removeAll().setAll(published);
                    config.set("image_token_id", imageToken);
                    ObjectNode text = published.has("text_config") ? (ObjectNode) config.get("text_config") : config;
                    text.put("num_hidden_layers", 4).put("intermediate_size", 256);
                    text.set("eos_token_id", end);
                    text.set("vocab_size", vocabulary);
                })
                .json("preprocessor_config.json", config -> {
                    ImageProcessorConfig processor =
                            QwenFamily.of(published.get("model_type").asText()).processor();
                    config.put("patch_size", processor.patchSize()).put("max_pixels", processor.maxPixels());
                });
        return QwenConfig.read(directory);
    }

    private ObjectNode published() throws IOException {
        try (InputStream in = PublishedTower.class.getResourceAsStream("/published-configs.json")) {
            return (ObjectNode)
                    StreamSupport.stream(new ObjectMapper().readTree(in).spliterator(), false)
                            .filter(model -> model.get("id").asText().equals(id))
                            .findFirst()
                            .orElseThrow()
                            .get("config");
        }
    }

    /**
     * The floating-point operations of encoding a picture: two for each weight and the patches that it is multiplied by, and
     * four for each number of a query and the patches that it attends to.
     *
     * @param directory where {@link #createRandom} made the model
     * @param rows of patches
     * @param columns of patches
     */
    public static double flops(Path directory, int rows, int columns) {
        QwenConfig config = QwenConfig.read(directory);
        VisionConfig vision = config.vision();
        double patches = (double) rows * columns;
        double weights = WeightShapes.of(config).entrySet().stream()
                .filter(weight -> weight.getKey().startsWith("visual.blocks.")
                        || weight.getKey().startsWith("visual.patch_embed."))
                .filter(weight -> weight.getValue().size() > 1)
                .mapToDouble(weight -> weight.getValue().stream().reduce(1L, Math::multiplyExact))
                .sum();
        double mergers = WeightShapes.of(config).entrySet().stream()
                .filter(weight -> weight.getKey().contains("merger"))
                .filter(weight -> weight.getValue().size() > 1)
                .mapToDouble(weight -> weight.getValue().stream().reduce(1L, Math::multiplyExact))
                .sum();
        double seen = vision.window() == 0
                ? patches * vision.blocks()
                : patches * vision.fullAttentionBlocks().size()
                        + inWindows(rows, columns, 2 * vision.window())
                                * (vision.blocks()
                                        - vision.fullAttentionBlocks().size());
        return 2 * patches * (weights + mergers / 4) + 4 * vision.hidden() * patches * seen;
    }

    /** The patches that a patch sees within its window, on average. */
    private static double inWindows(int rows, int columns, int side) {
        double pairs = 0;
        for (int row = 0; row < rows; row += side) {
            for (int column = 0; column < columns; column += side) {
                double size = (double) Math.min(side, rows - row) * Math.min(side, columns - column);
                pairs += size * size;
            }
        }
        return pairs / (rows * columns);
    }
}
