package io.github.camelvlm.qwen;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.camelvlm.chat.ModelLoadException;
import io.github.camelvlm.model.JsonFile;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The decoder.
 *
 * @param hidden the width of the residual stream
 * @param intermediate the width of the MLP
 * @param layers the number of layers
 * @param heads the number of query heads
 * @param kvHeads the number of key and value heads
 * @param headDim the width of a head
 * @param vocabulary the rows of the embedding, padding included
 * @param tiedHead whether the embedding serves as the output head
 * @param maxPositions the longest context it was made for
 * @param epsilon of RMSNorm
 * @param ropeTheta the base of the rotary frequencies
 * @param ropeAxes for each of the head's {@code headDim / 2} frequencies the position that it turns with: 0 for the temporal,
 *     1 for the height, 2 for the width
 */
public record TextConfig(
        int hidden,
        int intermediate,
        int layers,
        int heads,
        int kvHeads,
        int headDim,
        int vocabulary,
        boolean tiedHead,
        int maxPositions,
        double epsilon,
        double ropeTheta,
        List<Integer> ropeAxes) {
    // Some ten times what the largest models have, so that what is absurd is refused before anything is made for it.
    private static final int MAX_INTERMEDIATE = 1 << 19;
    private static final int MAX_HEAD_DIM = 1 << 12;
    /** Ids are counted in float32, among other things. */
    private static final int MAX_VOCABULARY = 1 << 22;

    private static final int MAX_POSITIONS = 1 << 24;

    static TextConfig read(JsonFile file, JsonNode json, QwenFamily family) {
        if (json.path("use_sliding_window").asBoolean()) {
            throw file.wrong("use_sliding_window", "false", json.path("use_sliding_window"));
        }
        file.requireOneOf(json, "hidden_act", "silu");
        file.requireOneOf(json, "attention_bias", "false");
        int hidden = file.whole(json, "hidden_size", 1, QwenConfig.MAX_WIDTH);
        int heads = file.whole(json, "num_attention_heads", 1, QwenConfig.MAX_HEADS);
        int kvHeads = file.whole(json, "num_key_value_heads", 1, heads, heads);
        int headDim = headDim(file, json, hidden, heads);
        if (heads % kvHeads != 0) {
            throw new ModelLoadException(file.path() + ": num_attention_heads " + heads + " and num_key_value_heads "
                    + kvHeads + " do not divide evenly");
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
        return new TextConfig(
                hidden,
                file.whole(json, "intermediate_size", 1, MAX_INTERMEDIATE),
                file.whole(json, "num_hidden_layers", 1, QwenConfig.MAX_LAYERS),
                heads,
                kvHeads,
                headDim,
                file.whole(json, "vocab_size", 2, MAX_VOCABULARY),
                tied,
                file.whole(json, "max_position_embeddings", 1, MAX_POSITIONS),
                file.number(json, "rms_norm_eps", 1e-12, 0.1),
                file.number(rope.isObject() ? rope : json, "rope_theta", 1, 1e12),
                ropeAxes(file, scaling, headDim / 2, family));
    }

    private static int headDim(JsonFile file, JsonNode json, int hidden, int heads) {
        if (json.hasNonNull("head_dim")) {
            int headDim = file.whole(json, "head_dim", 2, MAX_HEAD_DIM);
            if (headDim % 2 != 0) {
                throw file.wrong("head_dim", "an even number", json.path("head_dim"));
            }
            return headDim;
        }
        if (hidden % (2 * heads) != 0) {
            throw new ModelLoadException(file.path() + ": hidden_size " + hidden + " and num_attention_heads " + heads
                    + " do not divide evenly");
        }
        return hidden / heads;
    }

    private static List<Integer> ropeAxes(JsonFile file, JsonNode scaling, int frequencies, QwenFamily family) {
        List<Integer> sections = ropeSections(file, scaling.path("mrope_section"), frequencies);
        boolean interleaved = family == QwenFamily.QWEN3_VL;
        if (scaling.path("mrope_interleaved").asBoolean() != interleaved) {
            throw file.wrong("mrope_interleaved", String.valueOf(interleaved), scaling.path("mrope_interleaved"));
        }
        List<Integer> axes = new ArrayList<>();
        if (!interleaved) {
            for (int axis = 0; axis < sections.size(); axis++) {
                axes.addAll(Collections.nCopies(sections.get(axis), axis));
            }
            return List.copyOf(axes);
        }
        // Time, height, width, time and so on, until the sections of height and width are used up; then time alone.
        for (int i = 0; i < frequencies; i++) {
            int axis = i % 3;
            axes.add(i < 3 * sections.get(axis) ? axis : 0);
        }
        return List.copyOf(axes);
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

    /** The numbers of a token's keys, or of its values, in one layer. */
    int kvWidth() {
        return kvHeads * headDim;
    }

    /** The bytes that a token's keys and values take in all layers, with numbers of so many bytes. */
    long cacheBytes(int numberBytes) {
        return 2L * layers * kvWidth() * numberBytes;
    }

    /** The numbers of a token's queries in one layer. */
    int queryWidth() {
        return heads * headDim;
    }
}
