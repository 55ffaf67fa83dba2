package io.github.camelvlm.routes.benchmark;

import io.github.camelvlm.qwen.ModelShape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The models that can be measured: random weights in the shapes of published models. */
enum BenchmarkModel {
    SMALL("small", ModelShape.SHORT),
    QWEN2_VL_2B("2b", ModelShape.QWEN2_VL_2B),
    QWEN2_VL_7B("7b", ModelShape.QWEN2_VL_7B);

    private final String option;
    private final ModelShape shape;

    BenchmarkModel(String option, ModelShape shape) {
        this.option = option;
        this.shape = shape;
    }

    static BenchmarkModel of(String option) {
        for (BenchmarkModel model : values()) {
            if (model.option.equals(option)) {
                return model;
            }
        }
        throw new IllegalArgumentException("benchmark.model must be small, 2b or 7b, but is " + option);
    }

    ModelShape shape() {
        return shape;
    }

    /** Its directory, made by the first run and kept for the next. */
    Path directory(Path folder) throws IOException {
        Path directory = folder.resolve("qwen2-vl-" + option);
        Path made = folder.resolve("qwen2-vl-" + option + ".made");
        if (!Files.exists(made)) {
            Files.createDirectories(directory);
            for (Path left : filesOf(directory)) {
                Files.delete(left);
            }
            shape.createRandom(directory);
            Files.createFile(made);
        }
        return directory;
    }

    private static Iterable<Path> filesOf(Path directory) throws IOException {
        try (var files = Files.list(directory)) {
            return files.toList();
        }
    }
}
