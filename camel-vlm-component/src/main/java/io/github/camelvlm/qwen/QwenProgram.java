package io.github.camelvlm.qwen;

import io.github.camelvlm.chat.ModelLoadException;
import io.github.camelvlm.torch.Dtype;
import io.github.camelvlm.torch.StoredTensor;
import io.github.camelvlm.torch.TorchException;
import io.github.camelvlm.torch.TorchProgram;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * The TorchScript program {@code qwen2vl.torchscript} with a model's weights in it. One thread at a time may use it; the
 * program's text says what its methods do.
 */
public final class QwenProgram implements AutoCloseable {
    private static final String RESOURCE = "qwen2vl.torchscript";

    private final TorchProgram program;
    private final double[] mean;
    private final double[] std;
    private ByteBuffer rgbBuffer = ByteBuffer.allocateDirect(0);

    private QwenProgram(ImageProcessorConfig pixels) {
        mean = pixels.mean().stream().mapToDouble(Double::doubleValue).toArray();
        std = pixels.std().stream().mapToDouble(Double::doubleValue).toArray();
        program = new TorchProgram(text());
    }

    private static String text() {
        try (InputStream in = QwenProgram.class.getResourceAsStream(RESOURCE)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Maps the weights of a model and builds the program around them. Weights stored in the wanted type stay in the mapped
     * files; others are converted, which takes memory of their own.
     *
     * @param directory the model directory
     * @param device libtorch's name of the device
     * @param dtype the type to compute in
     * @throws ModelLoadException if weights are missing, broken or of the wrong shape, or do not fit into memory
     */
    static QwenProgram load(
            Path directory, QwenConfig config, ImageProcessorConfig pixels, String device, Dtype dtype) {
        Map<String, StoredTensor> weights = QwenWeights.find(directory, config);
        QwenProgram loaded = new QwenProgram(pixels);
        try {
            loaded.put(weights, device, dtype);
            QwenConfig.Text text = config.text();
            loaded.program.run(
                    "build",
                    text.layers(),
                    config.vision().blocks(),
                    text.heads(),
                    config.vision().heads(),
                    config.imageToken(),
                    text.ropeSections().stream().mapToLong(Integer::longValue).toArray(),
                    text.ropeTheta(),
                    text.epsilon());
            return loaded;
        } catch (RuntimeException | IOException e) {
            loaded.close();
            throw new ModelLoadException(
                    "The weights in " + directory + " cannot be loaded on " + device + " as " + dtype.torchName() + ": "
                            + e.getMessage(),
                    e);
        }
    }

    private void put(Map<String, StoredTensor> weights, String device, Dtype dtype) throws IOException {
        record MappedFile(Path path, Dtype dtype) {}
        Map<MappedFile, TorchProgram.Value> files = new HashMap<>();
        try {
            for (Map.Entry<String, StoredTensor> weight : weights.entrySet()) {
                StoredTensor tensor = weight.getValue();
                MappedFile key = new MappedFile(tensor.file(), tensor.dtype());
                if (!files.containsKey(key)) {
                    long elements = Files.size(tensor.file()) / tensor.dtype().bytes();
                    files.put(
                            key,
                            program.call(
                                    "map_file",
                                    tensor.file().toString(),
                                    elements,
                                    tensor.dtype().code()));
                }
                program.run(
                        "put",
                        weight.getKey(),
                        files.get(key),
                        tensor.start() / tensor.dtype().bytes(),
                        tensor.elements(),
                        tensor.shape().stream().mapToLong(Long::longValue).toArray(),
                        dtype.code(),
                        device);
            }
        } finally {
            files.values().forEach(TorchProgram.Value::close);
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

    /** Runs the vision tower on a picture and keeps the embeddings under a key until {@link #drop}. */
    public void encode(long key, ProcessedImage image) {
        program.run("encode", key, bytes(image.rgb()), image.gridHeight(), image.gridWidth(), mean, std);
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

    /** Forgets a picture's embeddings. */
    public void drop(long key) {
        program.run("drop", key);
    }

    /**
     * Runs new tokens through the decoder and chooses a next token for each wanted row.
     *
     * @return per row the id; if log-probabilities were asked for, per row 2 + 2 · top numbers: the id, its
     *     log-probability, the likeliest ids, their log-probabilities
     */
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
                step.top());
    }

    @Override
    public void close() {
        try {
            program.run("release");
        } finally {
            program.close();
        }
    }
}
