package io.github.camelvlm.qwen;

import io.github.camelvlm.chat.ModelLoadException;
import io.github.camelvlm.torch.Checkpoint;
import io.github.camelvlm.torch.CheckpointException;
import io.github.camelvlm.torch.StoredTensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Finds a model's tensors in its files, whatever names they have there, and checks that they are the model's. */
final class QwenWeights {
    /** What names begin with in newer or other exports, and what the published checkpoints have in its place. */
    private static final String[][] PREFIXES = {
        {"model.language_model.", "model."},
        {"language_model.model.", "model."},
        {"language_model.lm_head.", "lm_head."},
        {"model.visual.", "visual."},
    };

    private QwenWeights() {}

    /**
     * Finds the weights of a model.
     *
     * @return the tensors, by the names of {@link WeightShapes}
     * @throws ModelLoadException if a file or a tensor is missing, broken or of the wrong shape
     */
    static Map<String, StoredTensor> find(Path directory, QwenConfig config) {
        Map<String, StoredTensor> stored = stored(directory);
        Map<String, StoredTensor> weights = new LinkedHashMap<>();
        WeightShapes.of(config).forEach((name, shape) -> {
            StoredTensor tensor = stored.get(name);
            if (tensor == null) {
                throw new ModelLoadException("The model in " + directory + " lacks the tensor " + name
                        + ": its files are not complete, or not of the model that config.json describes");
            }
            requireShape(tensor, shape);
            weights.put(name, tensor);
        });
        return weights;
    }

    private static Map<String, StoredTensor> stored(Path directory) {
        Map<String, StoredTensor> stored = new HashMap<>();
        try {
            Checkpoint.open(directory).tensors().forEach((name, tensor) -> stored.put(publishedName(name), tensor));
        } catch (CheckpointException e) {
            throw new ModelLoadException("The model's weights are unusable: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new ModelLoadException(
                    "The model's weights in " + directory + " cannot be read: " + e.getMessage(), e);
        }
        return stored;
    }

    private static String publishedName(String name) {
        for (String[] prefix : PREFIXES) {
            if (name.startsWith(prefix[0])) {
                return prefix[1] + name.substring(prefix[0].length());
            }
        }
        return name;
    }

    private static void requireShape(StoredTensor tensor, List<Long> shape) {
        if (!tensor.shape().equals(shape)) {
            throw new ModelLoadException("The tensor " + tensor.name() + " in " + tensor.file() + " has the shape "
                    + tensor.shape() + ", but by config.json it must be " + shape
                    + ": the files are not of one model");
        }
    }
}
