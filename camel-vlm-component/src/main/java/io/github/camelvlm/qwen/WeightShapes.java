package io.github.camelvlm.qwen;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The tensors that a model of a given shape has, by the names that the published Qwen2-VL checkpoints give them. */
final class WeightShapes {
    private final Map<String, List<Long>> shapes = new LinkedHashMap<>();

    private WeightShapes() {}

    /** The dimensions of each tensor, by its name. */
    static Map<String, List<Long>> of(QwenConfig config) {
        WeightShapes weights = new WeightShapes();
        weights.addText(config.text(), config.family());
        weights.addVision(config.vision(), config.family(), config.text().hidden());
        return weights.shapes;
    }

    private void addText(TextConfig text, QwenFamily family) {
        long hidden = text.hidden();
        add("model.embed_tokens.weight", text.vocabulary(), hidden);
        for (int i = 0; i < text.layers(); i++) {
            String layer = "model.layers." + i + ".";
            add(layer + "input_layernorm.weight", hidden);
            add(layer + "post_attention_layernorm.weight", hidden);
            addMatrix(layer + "self_attn.q_proj", text.queryWidth(), hidden, family.hasQkvBias());
            addMatrix(layer + "self_attn.k_proj", text.kvWidth(), hidden, family.hasQkvBias());
            addMatrix(layer + "self_attn.v_proj", text.kvWidth(), hidden, family.hasQkvBias());
            addMatrix(layer + "self_attn.o_proj", hidden, text.queryWidth(), false);
            if (family.normalizesHeads()) {
                add(layer + "self_attn.q_norm.weight", text.headDim());
                add(layer + "self_attn.k_norm.weight", text.headDim());
            }
            addMatrix(layer + "mlp.gate_proj", text.intermediate(), hidden, false);
            addMatrix(layer + "mlp.up_proj", text.intermediate(), hidden, false);
            addMatrix(layer + "mlp.down_proj", hidden, text.intermediate(), false);
        }
        add("model.norm.weight", hidden);
        if (!text.tiedHead()) {
            add("lm_head.weight", text.vocabulary(), hidden);
        }
    }

    private void addVision(VisionConfig vision, QwenFamily family, long textHidden) {
        long hidden = vision.hidden();
        add("visual.patch_embed.proj.weight", hidden, 3, vision.temporalPatch(), vision.patch(), vision.patch());
        for (int i = 0; i < vision.blocks(); i++) {
            String block = "visual.blocks." + i + ".";
            addNorm(block + "norm1", hidden, family != QwenFamily.QWEN2_5_VL);
            addNorm(block + "norm2", hidden, family != QwenFamily.QWEN2_5_VL);
            addMatrix(block + "attn.qkv", 3 * hidden, hidden, true);
            addMatrix(block + "attn.proj", hidden, hidden, true);
            addMlp(block + "mlp.", family, vision);
        }
        long merged = vision.mergedWidth();
        switch (family) {
            case QWEN2_VL, QWEN2_5_VL -> {
                addNorm("visual.merger.ln_q", hidden, family == QwenFamily.QWEN2_VL);
                addMatrix("visual.merger.mlp.0", merged, merged, true);
                addMatrix("visual.merger.mlp.2", textHidden, merged, true);
            }
            case QWEN3_VL -> {
                add("visual.patch_embed.proj.bias", hidden);
                add("visual.pos_embed.weight", vision.positions(), hidden);
                addMerger("visual.merger.", hidden, merged, textHidden);
                for (int i = 0; i < vision.deepstackBlocks().size(); i++) {
                    addMerger("visual.deepstack_merger_list." + i + ".", merged, merged, textHidden);
                }
            }
        }
    }

    private void addMlp(String mlp, QwenFamily family, VisionConfig vision) {
        long hidden = vision.hidden();
        long intermediate = vision.intermediate();
        switch (family) {
            case QWEN2_VL -> {
                addMatrix(mlp + "fc1", intermediate, hidden, true);
                addMatrix(mlp + "fc2", hidden, intermediate, true);
            }
            case QWEN2_5_VL -> {
                addMatrix(mlp + "gate_proj", intermediate, hidden, true);
                addMatrix(mlp + "up_proj", intermediate, hidden, true);
                addMatrix(mlp + "down_proj", hidden, intermediate, true);
            }
            case QWEN3_VL -> {
                addMatrix(mlp + "linear_fc1", intermediate, hidden, true);
                addMatrix(mlp + "linear_fc2", hidden, intermediate, true);
            }
        }
    }

    private void addMerger(String merger, long normalized, long merged, long textHidden) {
        addNorm(merger + "norm", normalized, true);
        addMatrix(merger + "linear_fc1", merged, merged, true);
        addMatrix(merger + "linear_fc2", textHidden, merged, true);
    }

    private void addMatrix(String name, long out, long in, boolean hasBias) {
        add(name + ".weight", out, in);
        if (hasBias) {
            add(name + ".bias", out);
        }
    }

    private void addNorm(String name, long size, boolean hasBias) {
        add(name + ".weight", size);
        if (hasBias) {
            add(name + ".bias", size);
        }
    }

    private void add(String name, long... shape) {
        shapes.put(name, Arrays.stream(shape).boxed().toList());
    }
}
