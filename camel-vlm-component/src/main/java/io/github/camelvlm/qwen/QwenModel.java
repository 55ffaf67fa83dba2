package io.github.camelvlm.qwen;

import io.github.camelvlm.chat.Closing;
import io.github.camelvlm.chat.ModelLoadException;
import io.github.camelvlm.media.ImageDecoder;
import io.github.camelvlm.torch.Dtype;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A loaded model directory.
 *
 * @param config the shape of the model
 * @param defaults what it says of sampling and of the end of a turn
 * @param pixels what it says of pictures
 * @param tokenizer its tokenizer
 * @param template its chat template
 * @param program the program with its weights, for one thread at a time
 */
public record QwenModel(
        QwenConfig config,
        GenerationDefaults defaults,
        ImageProcessorConfig pixels,
        Tokenizer tokenizer,
        ChatTemplate template,
        QwenProgram program)
        implements AutoCloseable {

    /**
     * Loads a model.
     *
     * @param device libtorch's name of the device
     * @param dtype the type to compute in
     * @param kernel the form of the matrices
     * @throws ModelLoadException if the directory or a file in it is missing or broken, or of another kind of model
     */
    public static QwenModel load(Path directory, String device, Dtype dtype, LinearKernel kernel) {
        if (!Files.isDirectory(directory)) {
            throw new ModelLoadException("There is no model directory " + directory
                    + ": name the folder that holds the model's config.json and safetensors files");
        }
        // The small files first: what is wrong with a directory shows before gigabytes are touched.
        QwenConfig config = QwenConfig.read(directory);
        GenerationDefaults defaults = GenerationDefaults.read(directory, config);
        ImageProcessorConfig pixels = ImageProcessorConfig.read(directory);
        requireSame(directory, "patch_size", config.vision().patch(), pixels.patchSize());
        requireSame(directory, "merge_size", config.vision().merge(), pixels.mergeSize());
        requireSame(directory, "temporal_patch_size", config.vision().temporalPatch(), pixels.temporalPatchSize());
        Tokenizer tokenizer = Tokenizer.load(directory);
        try {
            requireRoom(directory, tokenizer, config);
            ChatTemplate template = ChatTemplate.load(directory, tokenizer);
            QwenProgram program = QwenProgram.load(directory, config, pixels, device, dtype, kernel);
            return new QwenModel(config, defaults, pixels, tokenizer, template, program);
        } catch (RuntimeException | Error e) {
            try (tokenizer) {
                throw e;
            }
        }
    }

    private static void requireSame(Path directory, String field, int byConfig, int size) {
        if (size != byConfig) {
            throw new ModelLoadException(directory.resolve("preprocessor_config.json") + ": " + field + " is " + size
                    + ", but by config.json it must be " + byConfig + ": the files are not of one model");
        }
    }

    private static void requireRoom(Path directory, Tokenizer tokenizer, QwenConfig config) {
        if (tokenizer.vocabularySize() > config.text().vocabulary()) {
            throw new ModelLoadException(directory.resolve("tokenizer.json") + " has the token "
                    + (tokenizer.vocabularySize() - 1) + ", but by config.json vocab_size is "
                    + config.text().vocabulary() + ": the files are not of one model");
        }
    }

    /**
     * Makes prompts for this model.
     *
     * @param contextLength the most tokens that a prompt and its answer may have together
     * @param maxImagePixels the most pixels that a picture may declare before it is decoded
     */
    public PromptCompiler promptCompiler(int contextLength, long maxImagePixels) {
        return new PromptCompiler(this, new ImageDecoder(maxImagePixels), contextLength);
    }

    @Override
    public void close() {
        Closing.all(program::close, tokenizer::close);
    }
}
