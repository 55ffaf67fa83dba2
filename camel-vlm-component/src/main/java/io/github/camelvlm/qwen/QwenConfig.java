package io.github.camelvlm.qwen;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.camelvlm.chat.ModelLoadException;
import io.github.camelvlm.model.JsonFile;
import io.github.camelvlm.model.Quantization;
import io.github.camelvlm.model.QuantizationConfig;
import java.nio.file.Path;
import java.util.List;

/**
 * The shape of a model, from its {@code config.json}: flat, as Qwen published it, or with a {@code text_config}, as
 * transformers 5 saves it.
 *
 * @param family its generation
 * @param text the decoder
 * @param vision the vision tower
 * @param imageToken the id that stands for a quarter of a picture's patches in a prompt
 * @param videoToken the same for the frames of a video
 * @param endTokens the ids that end a turn, should {@code generation_config.json} name none
 * @param quantization which weights are stored rounded, and how
 */
record QwenConfig(
        QwenFamily family,
        TextConfig text,
        VisionConfig vision,
        int imageToken,
        int videoToken,
        List<Integer> endTokens,
        Quantization quantization) {
    /** That of transformers where the file names none. */
    private static final int PUBLISHED_VIDEO_TOKEN = 151_656;

    // Some ten times what the largest models have, so that what is absurd is refused before anything is made for it.
    static final int MAX_WIDTH = 1 << 17;
    static final int MAX_LAYERS = 1000;
    static final int MAX_HEADS = 1 << 10;

    /** @throws ModelLoadException if the file is missing, broken, or of a model that is no Qwen-VL */
    public static QwenConfig read(Path directory) {
        JsonFile file = JsonFile.read(directory, "config.json");
        JsonNode root = file.root();
        QwenFamily family = family(file);
        JsonNode text = root.path("text_config").isObject() ? root.path("text_config") : root;
        TextConfig decoder = TextConfig.read(file, text, family);
        return new QwenConfig(
                family,
                decoder,
                VisionConfig.read(file, root.path("vision_config"), family, decoder),
                file.whole(root, "image_token_id", 0, decoder.vocabulary() - 1),
                file.whole(root, "video_token_id", 0, decoder.vocabulary() - 1, PUBLISHED_VIDEO_TOKEN),
                file.tokens(text, "eos_token_id", decoder.vocabulary()),
                QuantizationConfig.read(file));
    }

    private static QwenFamily family(JsonFile file) {
        try {
            return QwenFamily.of(file.root().path("model_type").asText("missing"));
        } catch (IllegalArgumentException e) {
            throw file.wrong(
                    "model_type",
                    String.join(" or ", new QwenModels().modelTypes()),
                    file.root().path("model_type"));
        }
    }
}
