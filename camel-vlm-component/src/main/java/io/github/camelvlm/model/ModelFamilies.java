package io.github.camelvlm.model;

import io.github.camelvlm.chat.ModelLoadException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.Collectors;

/** The families of models that are served; {@code META-INF/services} has a line for each. */
public final class ModelFamilies {
    private static final List<ModelFamily> ALL =
            ServiceLoader.load(ModelFamily.class, ModelFamily.class.getClassLoader()).stream()
                    .map(ServiceLoader.Provider::get)
                    .toList();

    private ModelFamilies() {}

    /** Loads a model without adapters. */
    public static VisionLanguageModel load(Path directory, Execution execution) {
        return load(directory, AdapterDirectories.NONE, execution);
    }

    /**
     * Loads a model, of whatever family its {@code config.json} says.
     *
     * @throws ModelLoadException if the directory or a file in it is missing or broken, the model is of no family that is
     *     served, an adapter does not fit it, or it does not fit into memory
     */
    public static VisionLanguageModel load(Path directory, AdapterDirectories adapters, Execution execution) {
        return family(directory).load(directory, adapters, execution);
    }

    /**
     * What a model will take, by its small files and the beginnings of the large ones.
     *
     * @throws ModelLoadException if the directory or a file in it is missing or broken, or the model is of no family that is
     *     served
     */
    public static ModelFootprint footprint(Path directory, AdapterDirectories adapters, Execution execution) {
        return family(directory).footprint(directory, adapters, execution);
    }

    private static ModelFamily family(Path directory) {
        if (!Files.isDirectory(directory)) {
            throw new ModelLoadException("There is no model directory " + directory
                    + ": name the folder that holds the model's config.json and safetensors files");
        }
        JsonFile config = JsonFile.read(directory, "config.json");
        String type = config.root().path("model_type").asText("missing");
        return ALL.stream()
                .filter(family -> family.modelTypes().contains(type))
                .findFirst()
                .orElseThrow(() -> refusal(config.path(), type));
    }

    private static ModelLoadException refusal(Path config, String type) {
        return new ModelLoadException(config + ": model_type is " + type + ", which is not served. Served are "
                + ALL.stream().flatMap(family -> family.examples().stream()).collect(Collectors.joining(", "))
                + ": name a directory or an id of one of these");
    }
}
