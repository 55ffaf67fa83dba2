package io.github.camelvlm.qwen;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.camelvlm.goldens.EditedModel;
import io.github.camelvlm.goldens.GeneratedWeights;
import io.github.camelvlm.goldens.GoldenCase;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * The shape of a Qwen2-VL. Published ones have heads of 128 dimensions and one vision tower: 32 blocks of 1280 dimensions.
 *
 * @param hidden the width of the decoder
 * @param intermediate the width of its MLPs
 * @param layers the number of its layers
 * @param kvHeads the number of its key and value heads
 * @param vocabulary the number of token ids
 * @param tied whether the embeddings serve as the head too
 * @param blocks the blocks of the vision tower
 */
public record ModelShape(
        int hidden, int intermediate, int layers, int kvHeads, int vocabulary, boolean tied, int blocks) {
    /** Qwen/Qwen2-VL-2B. */
    public static final ModelShape QWEN2_VL_2B = new ModelShape(1536, 8960, 28, 2, 151_936, true, 32);

    /** Qwen/Qwen2-VL-7B. */
    public static final ModelShape QWEN2_VL_7B = new ModelShape(3584, 18_944, 28, 4, 152_064, false, 32);

    /** The 2B model with fewer layers and blocks: about a gigabyte. */
    public static final ModelShape SHORT = new ModelShape(1536, 8960, 4, 2, 151_936, true, 4);

    /** The dimensions of a head of the decoder. */
    public static final int HEAD_DIM = 128;

    /** The width of the vision tower. */
    public static final int VISION_DIM = 1280;

    private static final int VISION_MLP_RATIO = 4;
    private static final int CONTEXT = 32_768;
    private static final int PATCH_VALUES = 3 * 2 * 14 * 14;

    /** Makes a model of zeros in an empty directory and tells the bytes of its weights. */
    public long createZeros(Path directory) throws IOException {
        return GeneratedWeights.zeros(directory, configure(directory));
    }

    /** Makes a model of random numbers in an empty directory and tells the bytes of its weights. */
    public long createRandom(Path directory) throws IOException {
        return GeneratedWeights.random(directory, configure(directory));
    }

    /** The small files of shapes-vl, its tokenizer included, made to say this shape. */
    private Map<String, List<Long>> configure(Path directory) throws IOException {
        EditedModel.copy(GoldenCase.SHAPES_VL, directory)
                .delete("model.safetensors")
                .json("config.json", config -> {
                    config.put("hidden_size", hidden)
                            .put("intermediate_size", intermediate)
                            .put("num_hidden_layers", layers)
                            .put("num_attention_heads", hidden / HEAD_DIM)
                            .put("num_key_value_heads", kvHeads)
                            .put("max_position_embeddings", CONTEXT)
                            .put("tie_word_embeddings", tied)
                            .put("vocab_size", vocabulary);
                    ((ObjectNode) config.get("rope_scaling"))
                            .putArray("mrope_section")
                            .add(16)
                            .add(24)
                            .add(24);
                    ((ObjectNode) config.get("vision_config"))
                            .put("embed_dim", VISION_DIM)
                            .put("mlp_ratio", VISION_MLP_RATIO)
                            .put("num_heads", 16)
                            .put("depth", blocks)
                            .put("hidden_size", hidden);
                })
                .json("preprocessor_config.json", config -> config.put("max_pixels", 1_003_520));
        return WeightShapes.of(QwenConfig.read(directory));
    }

    /** The numbers in the decoder's layers, which each token is multiplied by. */
    public long layerWeights() {
        long attention = 2L * hidden * hidden + 2L * hidden * kvHeads * HEAD_DIM;
        return layers * (attention + 3L * hidden * intermediate);
    }

    /** The numbers in the head, which each chosen token is multiplied by. */
    public long headWeights() {
        return (long) vocabulary * hidden;
    }

    /** The bytes of a token's keys and values in bfloat16. */
    public long cacheBytesPerToken() {
        return 2L * 2 * layers * kvHeads * HEAD_DIM;
    }

    /** The floating-point operations of prefilling a prompt: two for each weight, and attention to all tokens before. */
    public double prefillFlops(long tokens) {
        return 2.0 * tokens * layerWeights() + 2.0 * headWeights() + 2.0 * layers * hidden * tokens * tokens;
    }

    /** The floating-point operations of encoding a picture: two for each weight, and attention of all patches to all. */
    public double visionFlops(long patches) {
        double block = (4.0 + 2 * VISION_MLP_RATIO) * VISION_DIM * VISION_DIM;
        double merger = (16.0 * VISION_DIM * VISION_DIM + 4.0 * VISION_DIM * hidden) / 4;
        return 2.0 * patches * (blocks * block + PATCH_VALUES * VISION_DIM + merger)
                + 4.0 * blocks * VISION_DIM * patches * patches;
    }
}
