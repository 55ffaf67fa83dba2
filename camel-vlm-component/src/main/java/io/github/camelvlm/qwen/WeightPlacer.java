package io.github.camelvlm.qwen;

import io.github.camelvlm.torch.Dtype;
import io.github.camelvlm.torch.StoredTensor;
import io.github.camelvlm.torch.TorchProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;

/** Puts a model's weights into the program, from its files. */
final class WeightPlacer implements AutoCloseable {
    /** The decoder's matrices; the vision tower multiplies many rows at once, where packing gains nothing. */
    private static final Pattern DECODER_MATRIX = Pattern.compile("model\\.layers\\..*_proj\\.weight|lm_head\\.weight");

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
        for (Map.Entry<String, StoredTensor> weight : weights.entrySet()) {
            place(weight.getKey(), weight.getValue());
        }
        if (!weights.containsKey(HEAD)) {
            place(HEAD, weights.get(EMBEDDING));
        }
    }

    private void place(String name, StoredTensor tensor) throws IOException {
        if (kernel == LinearKernel.PACKED && DECODER_MATRIX.matcher(name).matches()) {
            // A mapping of its own: when it goes, so do the pages that were read for packing.
            try (TorchProgram.Value file = map(tensor)) {
                program.run("put_packed", name, file, start(tensor), tensor.elements(), shape(tensor), dtype.code());
            }
        } else {
            MappedFile key = new MappedFile(tensor.file(), tensor.dtype());
            if (!files.containsKey(key)) {
                files.put(key, map(tensor));
            }
            program.run(
                    "put", name, files.get(key), start(tensor), tensor.elements(), shape(tensor), dtype.code(), device);
        }
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
