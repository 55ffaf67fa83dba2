package io.github.camelvlm.qwen;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.camelvlm.goldens.EditedModel;
import io.github.camelvlm.goldens.GoldenCase;
import io.github.camelvlm.goldens.SparseModel;
import java.io.IOException;
import java.nio.file.Path;

/** A model of about a gigabyte: Qwen2-VL-2B with fewer layers and blocks, its weights zero. */
public final class LargeModel {
    private LargeModel() {}

    /** Makes it in an empty directory and tells the bytes of its weights. */
    public static long create(Path directory) throws IOException {
        EditedModel.copy(GoldenCase.SHAPES_VL, directory)
                .delete("model.safetensors")
                .json("config.json", config -> {
                    config.put("hidden_size", 1536)
                            .put("intermediate_size", 8960)
                            .put("num_hidden_layers", 4)
                            .put("num_attention_heads", 12)
                            .put("num_key_value_heads", 2)
                            .put("vocab_size", 151_936);
                    ((ObjectNode) config.get("rope_scaling"))
                            .putArray("mrope_section")
                            .add(16)
                            .add(24)
                            .add(24);
                    ((ObjectNode) config.get("vision_config"))
                            .put("embed_dim", 1280)
                            .put("mlp_ratio", 4)
                            .put("num_heads", 16)
                            .put("depth", 4)
                            .put("hidden_size", 1536);
                });
        return SparseModel.writeWeights(directory, WeightShapes.of(QwenConfig.read(directory)));
    }
}
