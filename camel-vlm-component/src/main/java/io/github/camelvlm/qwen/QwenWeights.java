package io.github.camelvlm.qwen;

import io.github.camelvlm.adapter.BaseWeights;
import io.github.camelvlm.chat.ModelLoadException;
import io.github.camelvlm.model.StoredWeight;
import io.github.camelvlm.model.StoredWeights;
import io.github.camelvlm.torch.Checkpoint;
import io.github.camelvlm.torch.CheckpointException;
import io.github.camelvlm.torch.StoredTensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
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
     * @return what is stored of each, by the names of {@link WeightShapes}
     * @throws ModelLoadException if a file or a tensor is missing, broken or of the wrong shape
     */
    static Map<String, StoredWeight> find(Path directory, QwenConfig config) {
        StoredWeights stored =
                new StoredWeights(directory, stored(directory), config.quantization(), QwenWeights::storedNames);
        Map<String, StoredWeight> weights = new LinkedHashMap<>();
        WeightShapes.of(config).forEach((name, shape) -> weights.put(name, stored.find(name, shape)));
        return weights;
    }

    /** What adapters are held against. */
    static BaseWeights base(QwenConfig config) {
        Map<String, List<Long>> shapes = WeightShapes.of(config);
        shapes.putIfAbsent(BaseWeights.HEAD, shapes.get(BaseWeights.EMBEDDING));
        return new BaseWeights(shapes, config.text().tiedHead(), QwenWeights::publishedName);
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

    /** A name as published, and those that stand for it in other exports. */
    private static List<String> storedNames(String published) {
        List<String> names = new ArrayList<>(List.of(published));
        for (String[] prefix : PREFIXES) {
            if ((published + ".").startsWith(prefix[1])) {
                String stored = prefix[0] + (published + ".").substring(prefix[1].length());
                names.add(stored.substring(0, stored.length() - 1));
            }
        }
        return names;
    }
}
