package io.github.camelvlm.qwen;

import io.github.camelvlm.torch.Dtype;
import io.github.camelvlm.torch.StoredTensor;
import io.github.camelvlm.torch.TorchProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts a model's weights into the program, from its files. */
final class WeightPlacer implements AutoCloseable {
    /** Multiplied by few rows, one for each sequence, as well as by many. */
    private static final Pattern DECODER_MATRIX = Pattern.compile("model\\.layers\\..*_proj\\.weight|lm_head\\.weight");

    private static final Pattern VISION_MATRIX =
            Pattern.compile("visual\\.(blocks\\..*\\.(qkv|proj|fc1|fc2)|merger\\.mlp\\.\\d)\\.weight");

    private static final Logger LOG = LoggerFactory.getLogger(WeightPlacer.class);
    private static final long NANOS_BETWEEN_REPORTS = 5_000_000_000L;

    private static final String EMBEDDING = "model.embed_tokens.weight";
    private static final String HEAD = "lm_head.weight";

    private record MappedFile(Path path, Dtype dtype) {}

    private final TorchProgram program;
    private final String device;
    private final Dtype dtype;
    private final LinearKernel kernel;
    private final Map<MappedFile, TorchProgram.Value> files = new HashMap<>();

    WeightPlacer(TorchProgram program, String device, Dtype dtype, LinearKernel kernel) {
        this.program = program;
        this.device = device;
        this.dtype = dtype;
        this.kernel = kernel;
    }

    /** Places weights by the names of {@link WeightShapes}; without a head, the embedding serves as one. */
    void place(Map<String, StoredTensor> weights) throws IOException {
        Map<String, StoredTensor> all = new LinkedHashMap<>(weights);
        all.putIfAbsent(HEAD, weights.get(EMBEDDING));
        long total = all.values().stream().mapToLong(StoredTensor::elements).sum();
        long placed = 0;
        long reported = System.nanoTime();
        for (Map.Entry<String, StoredTensor> weight : all.entrySet()) {
            place(weight.getKey(), weight.getValue());
            placed += weight.getValue().elements();
            if (System.nanoTime() - reported > NANOS_BETWEEN_REPORTS) {
                reported = System.nanoTime();
                LOG.info("Preparing the model's weights: {} %", 100 * placed / total);
            }
        }
    }

    private void place(String name, StoredTensor tensor) throws IOException {
        boolean few = DECODER_MATRIX.matcher(name).matches();
        if (few || VISION_MATRIX.matcher(name).matches()) {
            placeMatrix(name, tensor, few);
        } else {
            program.run(
                    "put", name, shared(tensor), start(tensor), tensor.elements(), shape(tensor), dtype.code(), device);
        }
    }

    private void placeMatrix(String name, StoredTensor tensor, boolean few) throws IOException {
        if (kernel == LinearKernel.PLAIN) {
            putMatrix(name, shared(tensor), tensor, few);
        } else {
            // A mapping of its own: when it goes, so do the pages that were read.
            try (TorchProgram.Value file = map(tensor)) {
                putMatrix(name, file, tensor, few);
            }
        }
    }

    private void putMatrix(String name, TorchProgram.Value file, StoredTensor tensor, boolean few) {
        program.run(
                "put_matrix", name, file, start(tensor), tensor.elements(), shape(tensor), dtype.code(), device, few);
    }

    private TorchProgram.Value shared(StoredTensor tensor) throws IOException {
        MappedFile key = new MappedFile(tensor.file(), tensor.dtype());
        TorchProgram.Value file = files.get(key);
        if (file == null) {
            file = map(tensor);
            files.put(key, file);
        }
        return file;
    }

    /** The whole file as a flat tensor of the stored type. */
    private TorchProgram.Value map(StoredTensor tensor) throws IOException {
        long elements = Files.size(tensor.file()) / tensor.dtype().bytes();
        return program.call(
                "map_file", tensor.file().toString(), elements, tensor.dtype().code());
    }

    private static long start(StoredTensor tensor) {
        return tensor.start() / tensor.dtype().bytes();
    }

    private static long[] shape(StoredTensor tensor) {
        return tensor.shape().stream().mapToLong(Long::longValue).toArray();
    }

    /** Lets go of the files; what the program took from them as it was stays mapped. */
    @Override
    public void close() {
        files.values().forEach(TorchProgram.Value::close);
    }
}
