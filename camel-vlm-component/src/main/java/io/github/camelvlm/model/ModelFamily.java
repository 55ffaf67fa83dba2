package io.github.camelvlm.model;

import java.nio.file.Path;
import java.util.List;

/**
 * Models that one program computes, or programs that are closely related. {@link ModelFamilies} finds the implementations
 * by {@link java.util.ServiceLoader}, so each has a constructor without arguments.
 */
public interface ModelFamily {

    /** The values of {@code model_type} in the {@code config.json} of its models. */
    List<String> modelTypes();

    /** Names for people, each with an id to copy, such as {@code Qwen2-VL (Qwen/Qwen2-VL-2B-Instruct)}. */
    List<String> examples();

    /**
     * What a model whose {@code model_type} is one of {@link #modelTypes} will take.
     *
     * @param directory the model directory, which is there
     * @throws io.github.camelvlm.chat.ModelLoadException if a file in it is missing or broken
     */
    ModelFootprint footprint(Path directory, AdapterDirectories adapters, Execution execution);

    /**
     * Loads a model whose {@code model_type} is one of {@link #modelTypes}.
     *
     * @param directory the model directory, which is there
     * @throws io.github.camelvlm.chat.ModelLoadException if a file in it is missing or broken, an adapter does not fit the
     *     model, or the model does not fit into memory
     */
    VisionLanguageModel load(Path directory, AdapterDirectories adapters, Execution execution);
}
