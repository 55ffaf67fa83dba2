package io.github.camelvlm.qwen;

import io.github.camelvlm.model.AdapterDirectories;
import io.github.camelvlm.model.Execution;
import io.github.camelvlm.model.ModelFamily;
import io.github.camelvlm.model.ModelFootprint;
import io.github.camelvlm.model.VisionLanguageModel;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The line of the Qwen-VL models in the registry of families. */
public final class QwenModels implements ModelFamily {

    @Override
    public List<String> modelTypes() {
        return Stream.of(QwenFamily.values()).map(QwenFamily::modelType).toList();
    }

    @Override
    public List<String> examples() {
        return Stream.of(QwenFamily.values()).map(QwenFamily::example).toList();
    }

    @Override
    public ModelFootprint footprint(Path directory, AdapterDirectories adapters, Execution execution) {
        QwenConfig config = QwenConfig.read(directory);
        return new ModelFootprint(
                ModelFootprint.ofWeights(QwenWeights.find(directory, config).values(), execution)
                        + ModelFootprint.ofAdapters(adapters.beside().values()),
                config.text().cacheBytes(execution.dtype().bytes()),
                config.text().maxPositions(),
                config.family().boxes());
    }

    @Override
    public VisionLanguageModel load(Path directory, AdapterDirectories adapters, Execution execution) {
        return QwenModel.load(directory, adapters, execution);
    }
}
