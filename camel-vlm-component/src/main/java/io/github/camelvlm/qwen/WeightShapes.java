package io.github.camelvlm.qwen;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The tensors that a model of a given shape has, by the names that the published checkpoints give them. */
final class WeightShapes {
    private final Map<String, List<Long>> shapes = new LinkedHashMap<>();

    private WeightShapes() {}

    /** The dimensions of each tensor, by its name. */
    static Map<String, List<Long>> of(QwenConfig config) {
        WeightShapes weights = new WeightShapes();
        weights.addText(config.text());
        weights.addVision(config.vision(), config.text().hidden());
        return weights.shapes;
    }

    private void addText(QwenConfig.Text text) {
        long hidden = text.hidden();
        long kv = (long) text.kvHeads() * text.headDim();
        add("model.embed_tokens.weight", text.vocabulary(), hidden);
        for (int i = 0; i < text.layers(); i++) {
            String layer = "model.layers." + i + ".";
            add(layer + "input_layernorm.weight", hidden);
            add(layer + "post_attention_layernorm.weight", hidden);
            addLinear(layer + "self_attn.q_proj", hidden, hidden);
            addLinear(layer + "self_attn.k_proj", kv, hidden);
            addLinear(layer + "self_attn.v_proj", kv, hidden);
            add(layer + "self_attn.o_proj.weight", hidden, hidden);
            add(layer + "mlp.gate_proj.weight", text.intermediate(), hidden);
            add(layer + "mlp.up_proj.weight", text.intermediate(), hidden);
            add(layer + "mlp.down_proj.weight", hidden, text.intermediate());
        }
        add("model.norm.weight", hidden);
        if (!text.tiedHead()) {
            add("lm_head.weight", text.vocabulary(), hidden);
        }
    }

    private void addVision(QwenConfig.Vision vision, long textHidden) {
        long hidden = vision.hidden();
        long merged = hidden * vision.merge() * vision.merge();
        add("visual.patch_embed.proj.weight", hidden, 3, vision.temporalPatch(), vision.patch(), vision.patch());
        for (int i = 0; i < vision.blocks(); i++) {
            String block = "visual.blocks." + i + ".";
            addNorm(block + "norm1", hidden);
            addNorm(block + "norm2", hidden);
            addLinear(block + "attn.qkv", 3 * hidden, hidden);
            addLinear(block + "attn.proj", hidden, hidden);
            addLinear(block + "mlp.fc1", vision.intermediate(), hidden);
            addLinear(block + "mlp.fc2", hidden, vision.intermediate());
        }
        addNorm("visual.merger.ln_q", hidden);
        addLinear("visual.merger.mlp.0", merged, merged);
        addLinear("visual.merger.mlp.2", textHidden, merged);
    }

    private void addLinear(String name, long out, long in) {
        add(name + ".weight", out, in);
        add(name + ".bias", out);
    }

    private void addNorm(String name, long size) {
        add(name + ".weight", size);
        add(name + ".bias", size);
    }

    private void add(String name, long... shape) {
        shapes.put(name, Arrays.stream(shape).boxed().toList());
    }
}
