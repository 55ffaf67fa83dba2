package io.github.camelvlm.model;

import io.github.camelvlm.chat.Closing;
import io.github.camelvlm.chat.ModelLoadException;
import io.github.camelvlm.torch.Dtype;
import io.github.camelvlm.torch.StoredTensor;
import io.github.camelvlm.torch.TorchProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts a model's weights into the program, from its files, and lets it make layers of them. */
public final class WeightPlacer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WeightPlacer.class);
    private static final long NANOS_BETWEEN_REPORTS = 5_000_000_000L;

    private static final String WEIGHT = ".weight";
    private static final String EMBEDDING = "model.embed_tokens.weight";
    private static final String HEAD = "lm_head.weight";

    /** How many weights that the checkpoint has rounded stay as they are, and how many are multiplied out. */
    private int kept;

    private int expanded;

    private record MappedFile(Path path, Dtype dtype) {}

    private final TorchProgram program;
    private final String device;
    private final Dtype dtype;
    private final LinearKernel kernel;
    private final Map<MappedFile, TorchProgram.Value> files = new HashMap<>();
    private long total;
    private long placed;
    private long reported = System.nanoTime();

    /**
     * @param program has the methods {@code map_file}, {@code put}, {@code put_numbers}, {@code decode}, {@code build_layer}
     *     and {@code build_block}
     * @param execution where weights go, in which type and form
     */
    public WeightPlacer(TorchProgram program, Execution execution) {
        this.program = program;
        device = execution.device();
        dtype = execution.dtype();
        kernel = execution.kernel();
    }

    /**
     * Places weights, and makes the layers {@code model.layers.0.} and so on and the blocks {@code visual.blocks.0.} and so on
     * of them; without a head, the embedding serves as one.
     *
     * @param layers the number of the decoder's layers
     * @param blocks the number of the vision tower's blocks
     * @throws IOException if a file cannot be read
     * @throws ModelLoadException if the files contradict themselves
     * @throws io.github.camelvlm.torch.TorchException if the program refuses a weight, or memory is not enough
     */
    public void place(Map<String, StoredWeight> weights, int layers, int blocks) throws IOException {
        Map<String, StoredWeight> all = new LinkedHashMap<>(weights);
        all.putIfAbsent(HEAD, weights.get(EMBEDDING));
        total = all.values().stream().mapToLong(StoredWeight::elements).sum();
        for (int i = 0; i < layers; i++) {
            placeAll(all, "model.layers." + i + ".");
            program.run("build_layer");
        }
        for (int i = 0; i < blocks; i++) {
            placeAll(all, "visual.blocks." + i + ".");
            program.run("build_block");
        }
        placeAll(all, "");
        reportRounded();
    }

    private void reportRounded() {
        if (kept > 0) {
            LOG.info(
                    "{} matrices stay as the checkpoint has rounded them{}",
                    kept,
                    dtype == Dtype.BFLOAT16
                            ? ""
                            : "; in " + dtype.torchName() + " each step multiplies them out: dtype=bfloat16 is faster");
        }
        if (expanded > 0) {
            LOG.info(
                    "{} matrices that the checkpoint has rounded are expanded to {}: nothing on {} multiplies them as"
                            + " they are",
                    expanded,
                    dtype.torchName(),
                    device);
        }
    }

    /** Places those whose names begin so, and takes them out. */
    private void placeAll(Map<String, StoredWeight> weights, String prefix) throws IOException {
        Iterator<Map.Entry<String, StoredWeight>> entries = weights.entrySet().iterator();
        while (entries.hasNext()) {
            Map.Entry<String, StoredWeight> weight = entries.next();
            if (weight.getKey().startsWith(prefix)) {
                place(weight.getKey(), weight.getValue());
                entries.remove();
                report(weight.getValue());
            }
        }
    }

    private void place(String name, StoredWeight weight) throws IOException {
        if (weight instanceof StoredWeight.Plain plain) {
            place(name, plain.tensor());
        } else if (weight instanceof StoredWeight.Rounded rounded) {
            place(name.substring(0, name.length() - WEIGHT.length()), rounded);
        }
    }

    private void place(String module, StoredWeight.Rounded weight) throws IOException {
        RoundedFormat format = weight.format();
        for (Map.Entry<String, StoredTensor> part : weight.parts().entrySet()) {
            StoredTensor tensor = part.getValue();
            if (part.getKey().equals(format.groupIndex())) {
                GroupOrder.read(tensor, format.group(weight.in()))
                        .ifPresent(order -> program.run("put_numbers", module + ".order", order, device));
            } else {
                try (TorchProgram.Value file = map(tensor)) {
                    put(module + "." + part.getKey(), file, tensor, tensor.dtype());
                }
            }
        }
        boolean keep = format.isInteger() && device.equals(Execution.CPU);
        double[] stays = program.doubles(
                "decode",
                module,
                format.programName(),
                format.programNumbers(weight.out(), weight.in()),
                keep,
                dtype.code());
        if (stays[0] == 1) {
            kept++;
        } else {
            expanded++;
        }
    }

    private void place(String name, StoredTensor tensor) throws IOException {
        boolean isMatrix = tensor.shape().size() == 2 && !name.equals(EMBEDDING);
        if (kernel == LinearKernel.PLAIN || !isMatrix) {
            put(name, shared(tensor), tensor, dtype);
        } else {
            // A mapping of its own: when the matrix has its form, the pages that were read go.
            try (TorchProgram.Value file = map(tensor)) {
                put(name, file, tensor, dtype);
            }
        }
    }

    private void put(String name, TorchProgram.Value file, StoredTensor tensor, Dtype type) {
        program.run("put", name, file, start(tensor), tensor.elements(), shape(tensor), type.code(), device);
    }

    private void report(StoredWeight weight) {
        placed += weight.elements();
        if (System.nanoTime() - reported > NANOS_BETWEEN_REPORTS) {
            reported = System.nanoTime();
            LOG.info("Preparing the model's weights: {} %", 100 * placed / total);
        }
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
        Closing.each(files.values(), TorchProgram.Value::close);
    }
}
