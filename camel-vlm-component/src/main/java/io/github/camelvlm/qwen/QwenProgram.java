package io.github.camelvlm.qwen;

import io.github.camelvlm.chat.Closing;
import io.github.camelvlm.chat.ModelLoadException;
import io.github.camelvlm.model.AdapterDirectories;
import io.github.camelvlm.model.Execution;
import io.github.camelvlm.model.FlashAttention;
import io.github.camelvlm.model.ModelAdapter;
import io.github.camelvlm.model.ModelProgram;
import io.github.camelvlm.model.ProcessedImage;
import io.github.camelvlm.model.ProgramText;
import io.github.camelvlm.model.Step;
import io.github.camelvlm.model.WeightPlacer;
import io.github.camelvlm.model.Weights;
import io.github.camelvlm.torch.NativeHeap;
import io.github.camelvlm.torch.TorchException;
import io.github.camelvlm.torch.TorchProgram;
import io.github.camelvlm.torch.TorchRuntime;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * The TorchScript program with a model's weights in it. One thread at a time may use it; the texts that it is put together
 * of say what its methods do.
 */
final class QwenProgram implements ModelProgram {
    private final TorchProgram program;
    private final QwenConfig config;
    private final int numberBytes;
    private final double[] mean;
    private final double[] std;
    private Map<String, ModelAdapter> adapters = Map.of();
    private boolean usesFlash;
    private ByteBuffer rgbBuffer = ByteBuffer.allocateDirect(0);

    private QwenProgram(QwenConfig config, ImageProcessorConfig pixels, Execution execution) {
        this.config = config;
        numberBytes = execution.dtype().bytes();
        mean = numbers(pixels.mean());
        std = numbers(pixels.std());
        program = new TorchProgram(text(config.family(), execution));
    }

    /** The text of a family's program. */
    static String text(QwenFamily family, Execution execution) {
        return execution.programText()
                + ProgramText.of("formats")
                + ProgramText.of("matrices")
                + ProgramText.of("tensors")
                + ProgramText.of("adapters")
                + ProgramText.of("attention")
                + ProgramText.of("sampling")
                + ProgramText.read(QwenProgram.class, "vision")
                + ProgramText.read(QwenProgram.class, family.visionPart())
                + ProgramText.of("engine");
    }

    /**
     * Builds the program around the weights of a model. Weights stored in the wanted type stay in their files, which are
     * mapped; those that are converted or packed take memory of their own.
     *
     * @param directory the model directory
     * @throws ModelLoadException if weights are missing, broken or of the wrong shape, an adapter does not fit them, or they
     *     do not fit into memory
     */
    static QwenProgram load(
            Path directory,
            AdapterDirectories adapters,
            QwenConfig config,
            ImageProcessorConfig pixels,
            Execution execution) {
        QwenAdapters added = QwenAdapters.read(adapters, config);
        Weights weights =
                added.mergedInto(new Weights(QwenWeights.find(directory, config), Map.of()), execution.dtype());
        QwenProgram loaded = new QwenProgram(config, pixels, execution);
        try (WeightPlacer placer = new WeightPlacer(loaded.program, execution)) {
            placer.place(weights, config.text().layers(), config.vision().blocks());
            loaded.build();
            loaded.adapters = added.placeBeside(placer);
            loaded.program.run("build_adapters", loaded.adapters.size());
            loaded.usesFlash = FlashAttention.enable(loaded.program, execution.device(), execution.dtype());
            NativeHeap.giveBack();
            return loaded;
        } catch (ModelLoadException e) {
            // It says which file is wrong, of the model or an adapter.
            try (loaded) {
                throw e;
            }
        } catch (RuntimeException | IOException | Error e) {
            try (loaded) {
                throw new ModelLoadException(
                        "The weights in " + directory + " cannot be loaded on " + execution.device() + " as "
                                + execution.dtype().torchName() + ": " + e.getMessage(),
                        e);
            }
        }
    }

    private void build() {
        TextConfig text = config.text();
        VisionConfig vision = config.vision();
        setVision("heads", List.of(vision.heads()));
        setVision("window", List.of(vision.window()));
        setVision("full_attention", vision.fullAttentionBlocks());
        setVision("deepstack", vision.deepstackBlocks());
        program.run(
                "build",
                text.heads(),
                text.kvHeads(),
                text.headDim(),
                text.ropeAxes().stream().mapToLong(Integer::longValue).toArray(),
                text.ropeTheta(),
                text.epsilon());
    }

    private void setVision(String name, List<Integer> numbers) {
        program.run(
                "set_vision",
                name,
                numbers.stream().mapToLong(Integer::longValue).toArray());
    }

    private static double[] numbers(List<Double> list) {
        return list.stream().mapToDouble(Double::doubleValue).toArray();
    }

    @Override
    public void allocate(int tokens) {
        try {
            program.run("allocate", tokens);
        } catch (TorchException e) {
            throw new ModelLoadException(
                    "There is no memory for a KV cache of " + tokens + " tokens: lower contextLength or maxSequences ("
                            + e.getMessage() + ")",
                    e);
        }
    }

    @Override
    public void copyCache(int from, int to, int tokens) {
        program.run("copy_cache", from, to, tokens);
    }

    /** The adapters beside the model, by their names. */
    Map<String, ModelAdapter> adapters() {
        return adapters;
    }

    @Override
    public boolean usesFlash() {
        return usesFlash;
    }

    @Override
    public long pictureBytesPerToken() {
        long features = 1 + config.vision().deepstackBlocks().size();
        return features * config.text().hidden() * numberBytes;
    }

    @Override
    public long cacheBytesPerToken() {
        return config.text().cacheBytes(numberBytes);
    }

    @Override
    public int halfBlocks() {
        return 2 * config.vision().blocks();
    }

    @Override
    public void begin(long key, ProcessedImage image) {
        program.run("begin", key, bytes(image.rgb()), image.gridHeight(), image.gridWidth(), mean, std);
    }

    @Override
    public void encode(long key, long adapter, int first, int end) {
        program.run("encode", key, adapter, first, end);
    }

    /**
     * The patch matrix of a picture.
     *
     * @return [patches, 3 · 2 · patch · patch], row after row
     */
    double[] patches(ProcessedImage image) {
        try (TorchProgram.Value patches =
                program.call("patches", bytes(image.rgb()), image.gridHeight(), image.gridWidth(), mean, std)) {
            return program.doubles("numbers", patches);
        }
    }

    /** One buffer serves all pictures: direct buffers are freed only when the garbage collector comes by. */
    private TorchProgram.Bytes bytes(byte[] rgb) {
        if (rgbBuffer.capacity() < rgb.length) {
            rgbBuffer = ByteBuffer.allocateDirect(rgb.length);
        }
        return new TorchProgram.Bytes(rgbBuffer.clear().put(rgb).flip());
    }

    /**
     * What is kept of a picture.
     *
     * @return [tokens, (1 + deepstack blocks) · hidden], row after row: the embeddings first
     */
    double[] picture(long key) {
        return program.doubles("picture", key);
    }

    @Override
    public void drop(long key) {
        program.run("drop", key);
    }

    @Override
    public double[] step(Step step) {
        return program.doubles("step", StepArguments.of(step));
    }

    @Override
    public void rest() {
        NativeHeap.giveBack();
    }

    @Override
    public void close() {
        Closing.all(
                () -> program.run("release"), program::close, NativeHeap::giveBack, TorchRuntime::giveBackGpuMemory);
    }
}
