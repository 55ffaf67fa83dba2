package io.github.camelvlm.qwen;

import io.github.camelvlm.chat.BoxForm;
import java.util.stream.Stream;

/** The generations of Qwen-VL, and in what they differ besides the vision tower. */
enum QwenFamily {
    /** Wang et al. 2024, arXiv:2409.12191. */
    QWEN2_VL(
            "qwen2_vl",
            "Qwen2-VL (Qwen/Qwen2-VL-2B-Instruct)",
            ImageProcessorConfig.QWEN2_VL,
            true,
            false,
            false,
            BoxForm.REFERENCE),
    /** Bai et al. 2025, arXiv:2502.13923. */
    QWEN2_5_VL(
            "qwen2_5_vl",
            "Qwen2.5-VL (Qwen/Qwen2.5-VL-3B-Instruct)",
            ImageProcessorConfig.QWEN2_VL,
            true,
            false,
            false,
            BoxForm.JSON_PIXELS),
    /** Bai et al. 2025, arXiv:2511.21631. */
    QWEN3_VL(
            "qwen3_vl",
            "Qwen3-VL (Qwen/Qwen3-VL-2B-Instruct)",
            ImageProcessorConfig.QWEN3_VL,
            false,
            true,
            true,
            BoxForm.JSON_THOUSANDTHS);

    private final String modelType;
    private final String example;
    private final ImageProcessorConfig processor;
    private final boolean hasQkvBias;
    private final boolean normalizesHeads;
    private final boolean tellsSeconds;
    private final BoxForm boxes;

    QwenFamily(
            String modelType,
            String example,
            ImageProcessorConfig processor,
            boolean hasQkvBias,
            boolean normalizesHeads,
            boolean tellsSeconds,
            BoxForm boxes) {
        this.modelType = modelType;
        this.example = example;
        this.processor = processor;
        this.hasQkvBias = hasQkvBias;
        this.normalizesHeads = normalizesHeads;
        this.tellsSeconds = tellsSeconds;
        this.boxes = boxes;
    }

    /** @throws IllegalArgumentException if there is none of this {@code model_type} */
    static QwenFamily of(String modelType) {
        return Stream.of(values())
                .filter(family -> family.modelType.equals(modelType))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no family of Qwen-VL is " + modelType));
    }

    /** The {@code model_type} in {@code config.json}. */
    String modelType() {
        return modelType;
    }

    /** Its name for people, and an id to copy. */
    String example() {
        return example;
    }

    /** How it takes pictures, where {@code preprocessor_config.json} says nothing. */
    ImageProcessorConfig processor() {
        return processor;
    }

    /** Whether the decoder's queries, keys and values have a bias. */
    boolean hasQkvBias() {
        return hasQkvBias;
    }

    /** Whether the decoder normalizes queries and keys, head by head, before it turns them. */
    boolean normalizesHeads() {
        return normalizesHeads;
    }

    /** Whether it reads the time before each two frames of a video as text. */
    boolean tellsSeconds() {
        return tellsSeconds;
    }

    /** How it was trained to say where things are in a picture. */
    BoxForm boxes() {
        return boxes;
    }

    /** The part of the program that is its vision tower. */
    String visionPart() {
        return "vision." + modelType;
    }
}
