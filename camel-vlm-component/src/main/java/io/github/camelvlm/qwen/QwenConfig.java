package io.github.camelvlm.qwen;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.camelvlm.chat.ModelLoadException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The shape of a model, from its {@code config.json}: flat, as Qwen published it, or with a {@code text_config}, as
 * transformers 5 saves it.
 *
 * @param text the decoder
 * @param vision the vision tower
 * @param imageToken the id that stands for a quarter of a picture's patches in a prompt
 * @param endTokens the ids that end a turn, should {@code generation_config.json} name none
 */
public record QwenConfig(Text text, Vision vision, int imageToken, List<Integer> endTokens) {
    private static final String MODEL_TYPE = "qwen2_vl";

    // Some ten times what the largest models have, so that what is absurd is refused before anything is made for it.
    private static final int MAX_WIDTH = 1 << 17;
    private static final int MAX_INTERMEDIATE = 1 << 19;
    private static final int MAX_LAYERS = 1000;
    private static final int MAX_HEADS = 1 << 10;
    /** Ids are counted in float32, among other things. */
    private static final int MAX_VOCABULARY = 1 << 22;

    private static final int MAX_POSITIONS = 1 << 24;

    /**
     * The decoder.
     *
     * @param hidden the width of the residual stream
     * @param intermediate the width of the MLP
     * @param layers the number of layers
     * @param heads the number of query heads
     * @param kvHeads the number of key and value heads
     * @param vocabulary the rows of the embedding, padding included
     * @param tiedHead whether the embedding serves as the output head
     * @param maxPositions the longest context it was made for
     * @param epsilon of RMSNorm
     * @param ropeTheta the base of the rotary frequencies
     * @param ropeSections how many frequencies turn with the temporal, the height and the width position
     */
    public record Text(
            int hidden,
            int intermediate,
            int layers,
            int heads,
            int kvHeads,
            int vocabulary,
            boolean tiedHead,
            int maxPositions,
            double epsilon,
            double ropeTheta,
            List<Integer> ropeSections) {
        /** The width of a head. */
        public int headDim() {
            return hidden / heads;
        }
    }

    /**
     * The vision tower.
     *
     * @param hidden the width of its residual stream
     * @param intermediate the width of its MLP
     * @param blocks the number of blocks
     * @param heads the number of heads
     * @param patch the side of a patch in pixels
     * @param temporalPatch the frames of a patch
     * @param merge the side, in patches, of the square that becomes a token
     */
    public record Vision(
            int hidden, int intermediate, int blocks, int heads, int patch, int temporalPatch, int merge) {}

    /** @throws ModelLoadException if the file is missing, broken, or of a model that is not Qwen2-VL */
    public static QwenConfig read(Path directory) {
        JsonFile file = JsonFile.read(directory, "config.json");
        JsonNode root = file.root();
        String type = root.path("model_type").asText("missing");
        if (!type.equals(MODEL_TYPE)) {
            throw new ModelLoadException(file.path() + ": model_type is " + type + ", but this component runs "
                    + MODEL_TYPE + ": name a directory of the Qwen2-VL family, such as Qwen/Qwen2-VL-2B-Instruct");
        }
        JsonNode text = root.path("text_config").isObject() ? root.path("text_config") : root;
        Text decoder = text(file, text);
        return new QwenConfig(
                decoder,
                vision(file, root.path("vision_config")),
                file.whole(root, "image_token_id", 0, decoder.vocabulary() - 1),
                file.tokens(text, "eos_token_id", decoder.vocabulary()));
    }

    private static Text text(JsonFile file, JsonNode json) {
        if (json.path("use_sliding_window").asBoolean()) {
            throw file.wrong("use_sliding_window", "false", json.path("use_sliding_window"));
        }
        file.requireOneOf(json, "hidden_act", "silu");
        int hidden = file.whole(json, "hidden_size", 1, MAX_WIDTH);
        int heads = file.whole(json, "num_attention_heads", 1, MAX_HEADS);
        int kvHeads = file.whole(json, "num_key_value_heads", 1, heads, heads);
        if (hidden % (2 * heads) != 0 || heads % kvHeads != 0) {
            throw new ModelLoadException(file.path() + ": hidden_size " + hidden + ", num_attention_heads " + heads
                    + " and num_key_value_heads " + kvHeads + " do not divide evenly");
        }
        // transformers 5 writes rope_parameters; before, the base stood alone and the sections in rope_scaling.
        JsonNode rope = json.path("rope_parameters");
        JsonNode scaling = rope.isObject() ? rope : json.path("rope_scaling");
        file.requireOneOf(scaling, "type", "mrope", "default");
        file.requireOneOf(scaling, "rope_type", "mrope", "default");
        // The outer file of a nested config says whether the head is tied; a flat one has it in the same place.
        boolean tied = file.root()
                .path("tie_word_embeddings")
                .asBoolean(json.path("tie_word_embeddings").asBoolean());
        return new Text(
                hidden,
                file.whole(json, "intermediate_size", 1, MAX_INTERMEDIATE),
                file.whole(json, "num_hidden_layers", 1, MAX_LAYERS),
                heads,
                kvHeads,
                file.whole(json, "vocab_size", 2, MAX_VOCABULARY),
                tied,
                file.whole(json, "max_position_embeddings", 1, MAX_POSITIONS),
                file.number(json, "rms_norm_eps", 1e-12, 0.1),
                file.number(rope.isObject() ? rope : json, "rope_theta", 1, 1e12),
                ropeSections(file, scaling.path("mrope_section"), hidden / heads / 2));
    }

    private static List<Integer> ropeSections(JsonFile file, JsonNode json, int frequencies) {
        List<Integer> sections = new ArrayList<>();
        for (JsonNode section : json) {
            if (section.isInt() && section.intValue() > 0) {
                sections.add(section.intValue());
            }
        }
        if (json.size() != 3
                || sections.size() != 3
                || sections.stream().mapToLong(Integer::longValue).sum() != frequencies) {
            throw file.wrong("mrope_section", "three positive whole numbers that add up to " + frequencies, json);
        }
        return List.copyOf(sections);
    }

    private static Vision vision(JsonFile file, JsonNode json) {
        if (!json.isObject()) {
            throw file.wrong("vision_config", "an object", json);
        }
        file.requireOneOf(json, "hidden_act", "quick_gelu");
        int hidden = file.whole(json, "embed_dim", 1, MAX_WIDTH);
        int heads = file.whole(json, "num_heads", 1, MAX_HEADS);
        if (hidden % (4 * heads) != 0) {
            throw new ModelLoadException(
                    file.path() + ": embed_dim " + hidden + " and num_heads " + heads + " do not divide evenly");
        }
        // The program is written for these.
        int patch = ImageProcessorConfig.DEFAULT.patchSize();
        int temporal = ImageProcessorConfig.DEFAULT.temporalPatchSize();
        int merge = ImageProcessorConfig.DEFAULT.mergeSize();
        return new Vision(
                hidden,
                (int) (hidden * file.number(json, "mlp_ratio", 1.0 / hidden, 100)),
                file.whole(json, "depth", 1, MAX_LAYERS),
                heads,
                file.whole(json, "patch_size", patch, patch, patch),
                file.whole(json, "temporal_patch_size", temporal, temporal, temporal),
                file.whole(json, "spatial_merge_size", merge, merge, merge));
    }
}
