package io.github.camelvlm.qwen;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.camelvlm.chat.ModelLoadException;
import io.github.camelvlm.model.JsonFile;
import java.util.ArrayList;
import java.util.List;

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
 * @param window the side, in tokens, of the squares within which most blocks of a Qwen2.5-VL attend; 0 in other families
 * @param fullAttentionBlocks the blocks of a Qwen2.5-VL that attend to the whole picture; in other families all do
 * @param positions the rows of a Qwen3-VL's square table of positions; 0 in other families
 * @param tokensPerSecond how far the position of a Qwen2.5-VL moves on in a second of a video; 0 in other families, where it
 *     moves on by one for every two frames
 * @param deepstackBlocks the blocks of a Qwen3-VL whose output reaches the decoder's first layers too
 */
public record VisionConfig(
        int hidden,
        int intermediate,
        int blocks,
        int heads,
        int patch,
        int temporalPatch,
        int merge,
        int window,
        List<Integer> fullAttentionBlocks,
        int positions,
        int tokensPerSecond,
        List<Integer> deepstackBlocks) {
    private static final int MAX_WINDOW = 1 << 14;
    private static final int MAX_TOKENS_PER_SECOND = 1000;
    /** That of transformers. */
    private static final int DEFAULT_TOKENS_PER_SECOND = 4;

    private static final int MAX_POSITIONS = 1 << 20;

    static VisionConfig read(JsonFile file, JsonNode json, QwenFamily family, TextConfig text) {
        if (!json.isObject()) {
            throw file.wrong("vision_config", "an object", json);
        }
        return switch (family) {
            case QWEN2_VL -> qwen2(file, json);
            case QWEN2_5_VL -> qwen25(file, json, text);
            case QWEN3_VL -> qwen3(file, json, text);
        };
    }

    private static VisionConfig qwen2(JsonFile file, JsonNode json) {
        file.requireOneOf(json, "hidden_act", "quick_gelu");
        int hidden = file.whole(json, "embed_dim", 1, QwenConfig.MAX_WIDTH);
        int intermediate = (int) (hidden * file.number(json, "mlp_ratio", 1.0 / hidden, 100));
        return of(file, json, QwenFamily.QWEN2_VL, hidden, "embed_dim", intermediate, 0, List.of(), 0, 0, List.of());
    }

    private static VisionConfig qwen25(JsonFile file, JsonNode json, TextConfig text) {
        file.requireOneOf(json, "hidden_act", "silu");
        requireWidthOf(text, file, json);
        int cell = QwenFamily.QWEN2_5_VL.processor().cell();
        int window = file.whole(json, "window_size", cell, MAX_WINDOW);
        if (window % cell != 0) {
            throw file.wrong("window_size", "a multiple of " + cell, json.path("window_size"));
        }
        return of(
                file,
                json,
                QwenFamily.QWEN2_5_VL,
                file.whole(json, "hidden_size", 1, QwenConfig.MAX_WIDTH),
                "hidden_size",
                file.whole(json, "intermediate_size", 1, QwenConfig.MAX_WIDTH),
                window / cell,
                blocks(file, json, "fullatt_block_indexes"),
                0,
                file.whole(json, "tokens_per_second", 1, MAX_TOKENS_PER_SECOND, DEFAULT_TOKENS_PER_SECOND),
                List.of());
    }

    private static VisionConfig qwen3(JsonFile file, JsonNode json, TextConfig text) {
        file.requireOneOf(json, "hidden_act", "gelu_pytorch_tanh");
        requireWidthOf(text, file, json);
        int positions = file.whole(json, "num_position_embeddings", 4, MAX_POSITIONS);
        int side = (int) Math.round(Math.sqrt(positions));
        if (side * side != positions) {
            throw file.wrong("num_position_embeddings", "a square", json.path("num_position_embeddings"));
        }
        List<Integer> deepstack = blocks(file, json, "deepstack_visual_indexes");
        if (deepstack.size() > text.layers()) {
            throw file.wrong(
                    "deepstack_visual_indexes",
                    "at most as long as the decoder has layers",
                    json.path("deepstack_visual_indexes"));
        }
        return of(
                file,
                json,
                QwenFamily.QWEN3_VL,
                file.whole(json, "hidden_size", 1, QwenConfig.MAX_WIDTH),
                "hidden_size",
                file.whole(json, "intermediate_size", 1, QwenConfig.MAX_WIDTH),
                0,
                List.of(),
                positions,
                0,
                deepstack);
    }

    private static VisionConfig of(
            JsonFile file,
            JsonNode json,
            QwenFamily family,
            int hidden,
            String hiddenField,
            int intermediate,
            int window,
            List<Integer> fullAttentionBlocks,
            int positions,
            int tokensPerSecond,
            List<Integer> deepstackBlocks) {
        int heads = file.whole(json, "num_heads", 1, QwenConfig.MAX_HEADS);
        if (hidden % (4 * heads) != 0) {
            throw new ModelLoadException(file.path() + ": " + hiddenField + " " + hidden + " and num_heads " + heads
                    + " do not divide evenly");
        }
        // The program is written for these.
        int patch = family.processor().patchSize();
        int temporal = family.processor().temporalPatchSize();
        int merge = family.processor().mergeSize();
        return new VisionConfig(
                hidden,
                intermediate,
                file.whole(json, "depth", 1, QwenConfig.MAX_LAYERS),
                heads,
                file.whole(json, "patch_size", patch, patch, patch),
                file.whole(json, "temporal_patch_size", temporal, temporal, temporal),
                file.whole(json, "spatial_merge_size", merge, merge, merge),
                window,
                fullAttentionBlocks,
                positions,
                tokensPerSecond,
                deepstackBlocks);
    }

    private static void requireWidthOf(TextConfig text, JsonFile file, JsonNode json) {
        file.whole(json, "out_hidden_size", text.hidden(), text.hidden());
    }

    /** Indexes of blocks, from the first to the last. */
    private static List<Integer> blocks(JsonFile file, JsonNode json, String field) {
        int depth = file.whole(json, "depth", 1, QwenConfig.MAX_LAYERS);
        List<Integer> blocks = new ArrayList<>();
        int least = 0;
        for (JsonNode block : json.path(field)) {
            if (!block.isInt() || block.intValue() < least || block.intValue() >= depth) {
                throw file.wrong(
                        field, "whole numbers from 0 to " + (depth - 1) + ", each above the last", json.path(field));
            }
            blocks.add(block.intValue());
            least = block.intValue() + 1;
        }
        if (!json.path(field).isArray()) {
            throw file.wrong(field, "a list", json.path(field));
        }
        return List.copyOf(blocks);
    }

    /** The numbers of the square of patches that becomes a token. */
    int mergedWidth() {
        return hidden * merge * merge;
    }
}
