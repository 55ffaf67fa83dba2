package io.github.camelvlm.qwen;

import io.github.camelvlm.chat.BoxForm;
import io.github.camelvlm.chat.Closing;
import io.github.camelvlm.chat.ModelLoadException;
import io.github.camelvlm.chat.Tools;
import io.github.camelvlm.media.ImageDecoder;
import io.github.camelvlm.model.AdapterDirectories;
import io.github.camelvlm.model.ChatTemplate;
import io.github.camelvlm.model.Execution;
import io.github.camelvlm.model.GenerationDefaults;
import io.github.camelvlm.model.ModelAdapter;
import io.github.camelvlm.model.ModelWords;
import io.github.camelvlm.model.PromptCompiler;
import io.github.camelvlm.model.Tokenizer;
import io.github.camelvlm.model.ToolCallParser;
import io.github.camelvlm.model.VisionLanguageModel;
import io.github.camelvlm.video.FfmpegStills;
import io.github.camelvlm.video.VideoDecoder;
import java.nio.file.Path;
import java.util.Map;

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
record QwenModel(
        QwenConfig config,
        GenerationDefaults defaults,
        ImageProcessorConfig pixels,
        Tokenizer tokenizer,
        ChatTemplate template,
        QwenProgram program)
        implements VisionLanguageModel, ModelWords {

    /** Loads a model without adapters. */
    static QwenModel load(Path directory, Execution execution) {
        return load(directory, AdapterDirectories.NONE, execution);
    }

    /**
     * Loads a model.
     *
     * @throws ModelLoadException if a file in the directory is missing or broken, or of another kind of model, or an adapter
     *     does not fit it
     */
    static QwenModel load(Path directory, AdapterDirectories adapters, Execution execution) {
        // The small files first: what is wrong with a directory shows before gigabytes are touched.
        QwenConfig config = QwenConfig.read(directory);
        config.quantization().requireNotRoundedAgain(execution.kernel());
        int vocabulary = config.text().vocabulary();
        GenerationDefaults defaults = GenerationDefaults.read(directory, vocabulary, config.endTokens());
        ImageProcessorConfig pixels =
                ImageProcessorConfig.read(directory, config.family().processor());
        requireSame(directory, "patch_size", config.vision().patch(), pixels.patchSize());
        requireSame(directory, "merge_size", config.vision().merge(), pixels.mergeSize());
        requireSame(directory, "temporal_patch_size", config.vision().temporalPatch(), pixels.temporalPatchSize());
        Tokenizer tokenizer = Tokenizer.load(directory);
        try {
            requireRoom(directory, tokenizer, vocabulary);
            ChatTemplate template = ChatTemplate.load(directory, tokenizer);
            QwenProgram program = QwenProgram.load(directory, adapters, config, pixels, execution);
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

    private static void requireRoom(Path directory, Tokenizer tokenizer, int vocabulary) {
        if (tokenizer.vocabularySize() > vocabulary) {
            throw new ModelLoadException(directory.resolve("tokenizer.json") + " has the token "
                    + (tokenizer.vocabularySize() - 1) + ", but by config.json vocab_size is " + vocabulary
                    + ": the files are not of one model");
        }
    }

    @Override
    public ModelWords words() {
        return this;
    }

    @Override
    public Map<String, ModelAdapter> adapters() {
        return program.adapters();
    }

    @Override
    public int vocabulary() {
        return config.text().vocabulary();
    }

    @Override
    public int maxContextLength() {
        return config.text().maxPositions();
    }

    @Override
    public PromptCompiler promptCompiler(int contextLength, long maxImagePixels) {
        return new PromptCompiler(
                template,
                new QwenVision(config, pixels),
                new ImageDecoder(maxImagePixels, new FfmpegStills()),
                new VideoDecoder(maxImagePixels),
                contextLength);
    }

    @Override
    public BoxForm boxes() {
        return config.family().boxes();
    }

    @Override
    public ToolCallParser toolCallParser(Tools tools) {
        return new ToolCallParser(tools);
    }

    @Override
    public void close() {
        Closing.all(program::close, tokenizer::close);
    }
}
