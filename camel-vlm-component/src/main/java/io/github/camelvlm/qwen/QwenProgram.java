package io.github.camelvlm.qwen;

import io.github.camelvlm.chat.Closing;
import io.github.camelvlm.chat.ModelLoadException;
import io.github.camelvlm.torch.Dtype;
import io.github.camelvlm.torch.NativeHeap;
import io.github.camelvlm.torch.StoredTensor;
import io.github.camelvlm.torch.TorchException;
import io.github.camelvlm.torch.TorchProgram;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Map;

/**
 * The TorchScript program {@code qwen2vl.torchscript} with a model's weights in it. One thread at a time may use it; the
 * program's text says what its methods do.
 */
public final class QwenProgram implements ModelProgram, AutoCloseable {
    private static final String RESOURCE = "qwen2vl.torchscript";

    private final TorchProgram program;
    private final long bytesPerToken;
    private final int halfBlocks;
    private final double[] mean;
    private final double[] std;
    private boolean usesFlash;
    private ByteBuffer rgbBuffer = ByteBuffer.allocateDirect(0);

    private QwenProgram(ImageProcessorConfig pixels, LinearKernel kernel, long bytesPerToken, int halfBlocks) {
        this.halfBlocks = halfBlocks;
        this.bytesPerToken = bytesPerToken;
        mean = pixels.mean().stream().mapToDouble(Double::doubleValue).toArray();
        std = pixels.std().stream().mapToDouble(Double::doubleValue).toArray();
        program = new TorchProgram(kernel.text() + LinearKernel.resource(RESOURCE));
    }

    /**
     * Builds the program around the weights of a model. Weights stored in the wanted type stay in their files, which are
     * mapped; those that are converted or packed take memory of their own.
     *
     * @param directory the model directory
     * @param device libtorch's name of the device
     * @param dtype the type to compute in
     * @param kernel the form of the matrices
     * @throws ModelLoadException if weights are missing, broken or of the wrong shape, or do not fit into memory
     */
    static QwenProgram load(
            Path directory,
            QwenConfig config,
            ImageProcessorConfig pixels,
            String device,
            Dtype dtype,
            LinearKernel kernel) {
        Map<String, StoredTensor> weights = QwenWeights.find(directory, config);
        QwenProgram loaded = new QwenProgram(
                pixels,
                kernel,
                (long) config.text().hidden() * dtype.bytes(),
                2 * config.vision().blocks());
        try (WeightPlacer placer = new WeightPlacer(loaded.program, device, dtype, kernel)) {
            placer.place(weights, config);
            QwenConfig.Text text = config.text();
            loaded.program.run(
                    "build",
                    text.heads(),
                    text.kvHeads(),
                    config.vision().heads(),
                    text.ropeSections().stream().mapToLong(Integer::longValue).toArray(),
                    text.ropeTheta(),
                    text.epsilon());
            loaded.usesFlash = FlashAttention.enable(loaded.program, device, dtype);
            NativeHeap.giveBack();
            return loaded;
        } catch (RuntimeException | IOException | Error e) {
            try (loaded) {
                throw new ModelLoadException(
                        "The weights in " + directory + " cannot be loaded on " + device + " as " + dtype.torchName()
                                + ": " + e.getMessage(),
                        e);
            }
        }
    }

    /**
     * Makes room for the keys and values of this many tokens, forgetting those held before.
     *
     * @throws ModelLoadException if there is not enough memory
     */
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

    /** Whether attention is computed by the flash kernel; otherwise by {@code scaled_dot_product_attention}. */
    public boolean usesFlash() {
        return usesFlash;
    }

    @Override
    public long bytesPerToken() {
        return bytesPerToken;
    }

    @Override
    public int halfBlocks() {
        return halfBlocks;
    }

    @Override
    public void begin(long key, ProcessedImage image) {
        program.run("begin", key, bytes(image.rgb()), image.gridHeight(), image.gridWidth(), mean, std);
    }

    @Override
    public void encode(long key, int first, int end) {
        program.run("encode", key, first, end);
    }

    /**
     * The patch matrix of a picture.
     *
     * @return [patches, 3 · 2 · 14 · 14], row after row
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
     * The embeddings of a picture.
     *
     * @return [tokens, hidden], row after row
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
        return program.doubles(
                "step",
                step.ids(),
                step.positions(),
                step.slots(),
                step.pasts(),
                step.counts(),
                step.rows(),
                step.pictureKeys(),
                step.pictureStarts(),
                step.pictureCounts(),
                step.picturePlaces(),
                step.temperatures(),
                step.topKs(),
                step.topPs(),
                step.minPs(),
                step.draws(),
                step.repeated(),
                step.repeatedCounts(),
                step.repetitionPenalties(),
                step.biased(),
                step.biasedCounts(),
                step.biases(),
                step.allowed(),
                step.allowedCounts(),
                step.top(),
                step.scored(),
                step.targets(),
                step.scoredTop());
    }

    @Override
    public void rest() {
        NativeHeap.giveBack();
    }

    @Override
    public void close() {
        Closing.all(() -> program.run("release"), program::close, NativeHeap::giveBack);
    }
}
