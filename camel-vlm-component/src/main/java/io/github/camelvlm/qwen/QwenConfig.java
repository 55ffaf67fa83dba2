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
        return new QwenConfig(
                text(file, text),
                vision(file, root.path("vision_config")),
                file.positive(root, "image_token_id"),
                ids(text.path("eos_token_id")));
    }

    private static Text text(JsonFile file, JsonNode json) {
        if (json.path("use_sliding_window").asBoolean()) {
            throw file.wrong("use_sliding_window", "false", json.path("use_sliding_window"));
        }
        int hidden = file.positive(json, "hidden_size");
        int heads = file.positive(json, "num_attention_heads");
        int kvHeads = file.positive(json, "num_key_value_heads", heads);
        if (hidden % (2 * heads) != 0 || heads % kvHeads != 0) {
            throw new ModelLoadException(file.path() + ": hidden_size " + hidden + ", num_attention_heads " + heads
                    + " and num_key_value_heads " + kvHeads + " do not divide evenly");
        }
        // transformers 5 writes rope_parameters; before, the base stood alone and the sections in rope_scaling.
        JsonNode rope = json.path("rope_parameters");
        JsonNode sections = (rope.isObject() ? rope : json.path("rope_scaling")).path("mrope_section");
        List<Integer> ropeSections = ids(sections);
        if (ropeSections.size() != 3
                || ropeSections.stream().mapToInt(Integer::intValue).sum() * 2 != hidden / heads) {
            throw file.wrong("mrope_section", "three numbers that add up to " + hidden / heads / 2, sections);
        }
        // The outer file of a nested config says whether the head is tied; a flat one has it in the same place.
        boolean tied = file.root()
                .path("tie_word_embeddings")
                .asBoolean(json.path("tie_word_embeddings").asBoolean());
        return new Text(
                hidden,
                file.positive(json, "intermediate_size"),
                file.positive(json, "num_hidden_layers"),
                heads,
                kvHeads,
                file.positive(json, "vocab_size"),
                tied,
                file.positive(json, "max_position_embeddings"),
                file.number(json, "rms_norm_eps"),
                file.number(rope.isObject() ? rope : json, "rope_theta"),
                ropeSections);
    }

    private static Vision vision(JsonFile file, JsonNode json) {
        if (!json.isObject()) {
            throw file.wrong("vision_config", "an object", json);
        }
        int hidden = file.positive(json, "embed_dim");
        int heads = file.positive(json, "num_heads");
        if (hidden % (4 * heads) != 0) {
            throw new ModelLoadException(
                    file.path() + ": embed_dim " + hidden + " and num_heads " + heads + " do not divide evenly");
        }
        Vision vision = new Vision(
                hidden,
                (int) (hidden * file.number(json, "mlp_ratio")),
                file.positive(json, "depth"),
                heads,
                file.positive(json, "patch_size", 14),
                file.positive(json, "temporal_patch_size", 2),
                file.positive(json, "spatial_merge_size", 2));
        if (vision.patch() != 14 || vision.temporalPatch() != 2 || vision.merge() != 2) {
            throw new ModelLoadException(file.path() + ": patches of " + vision.temporalPatch() + " frames of "
                    + vision.patch() + " pixels, merged by " + vision.merge()
                    + ", are not those of Qwen2-VL (2, 14 and 2)");
        }
        return vision;
    }

    /** A number or a list of numbers, as a list. */
    static List<Integer> ids(JsonNode json) {
        List<Integer> ids = new ArrayList<>();
        if (json.isInt()) {
            ids.add(json.intValue());
        }
        json.forEach(id -> ids.add(id.intValue()));
        return List.copyOf(ids);
    }
}
