package io.github.camelvlm.model;

import io.github.camelvlm.chat.Closing;
import io.github.camelvlm.chat.ModelLoadException;
import io.github.camelvlm.torch.Dtype;
import io.github.camelvlm.torch.StoredTensor;
import io.github.camelvlm.torch.TorchProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
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
    private Map<String, List<LowRank>> changes = Map.of();
    private long total;
    private long placed;
    private long reported = System.nanoTime();

    /**
     * @param program has the methods {@code map_file}, {@code put}, {@code put_numbers}, {@code decode}, {@code merge},
     *     {@code convert}, {@code adapt}, {@code build_layer} and {@code build_block}
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
    public void place(Weights weights, int layers, int blocks) throws IOException {
        Map<String, StoredWeight> all = new LinkedHashMap<>(weights.stored());
        all.putIfAbsent(HEAD, all.get(EMBEDDING));
        changes = weights.changes();
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
        List<LowRank> own = changes.getOrDefault(name, List.of());
        // What adapters add up to is rounded once.
        Dtype type = own.isEmpty() ? dtype : Dtype.FLOAT32;
        if (weight instanceof StoredWeight.Plain plain) {
            place(name, plain.tensor(), type);
        } else if (weight instanceof StoredWeight.Rounded rounded) {
            place(name.substring(0, name.length() - WEIGHT.length()), rounded, type, own.isEmpty());
        }
        if (!own.isEmpty()) {
            merge(name, own);
        }
    }

    private void merge(String name, List<LowRank> own) throws IOException {
        for (LowRank change : own) {
            put(name + ".lora_A", shared(change.a()), change.a(), Dtype.FLOAT32);
            put(name + ".lora_B", shared(change.b()), change.b(), Dtype.FLOAT32);
            if (change.magnitudes().isPresent()) {
                StoredTensor magnitudes = change.magnitudes().get();
                put(name + ".magnitudes", shared(magnitudes), magnitudes, Dtype.FLOAT32);
            }
            requireFinite(program.doubles("merge", name, change.scale()), change);
        }
        program.run("convert", name, dtype.code());
    }

    /**
     * Places what an adapter changes for the requests that ask for it, and no others.
     *
     * @param key the caller's name of the adapter
     * @param name the module's name, or that of the first of those that are changed together
     * @param firstRow where the module's rows begin among those of all of them
     * @param rows the number of these
     * @throws IOException if a file cannot be read
     * @throws io.github.camelvlm.torch.TorchException if the program refuses a weight, or memory is not enough
     */
    public void placeBeside(long key, String name, LowRank change, long firstRow, long rows) throws IOException {
        put("lora_A", shared(change.a()), change.a(), dtype);
        put("lora_B", shared(change.b()), change.b(), dtype);
        requireFinite(program.doubles("adapt", key, name, firstRow, rows, change.scale()), change);
    }

    private void requireFinite(double[] isFinite, LowRank change) {
        if (isFinite[0] == 0) {
            throw new ModelLoadException("The adapter in " + change.a().file().getParent() + " has "
                    + change.a().name() + " and " + change.b().name() + ", which, or whose product with lora_alpha, are"
                    + " not finite in " + dtype.torchName()
                    + ": the training has failed, or a file is not the adapter's own");
        }
    }

    private void place(String module, StoredWeight.Rounded weight, Dtype type, boolean mayStay) throws IOException {
        RoundedFormat format = weight.format();
        for (Map.Entry<String, StoredTensor> part : weight.parts().entrySet()) {
            StoredTensor tensor = part.getValue();
            if (part.getKey().equals(format.groupIndex())) {
                GroupOrder.read(tensor, format.group(weight.in()))
                        .ifPresent(order -> program.run("put_numbers", module + ".order", order, device));
            } else if (part.getKey().equals(format.statedShape())) {
                requireShape(tensor, weight);
            } else {
                try (TorchProgram.Value file = map(tensor)) {
                    put(module + "." + part.getKey(), file, tensor, tensor.dtype());
                }
            }
        }
        boolean keep = mayStay && format.isInteger() && device.equals(Execution.CPU);
        double[] stays = program.doubles(
                "decode",
                module,
                format.programName(),
                format.programNumbers(weight.out(), weight.in()),
                keep,
                type.code());
        if (stays[0] == 1) {
            kept++;
        } else if (mayStay) {
            expanded++;
        }
    }

    private static void requireShape(StoredTensor stated, StoredWeight.Rounded weight) throws IOException {
        long[] shape = StoredIntegers.read(stated);
        if (shape[0] != weight.out() || shape[1] != weight.in()) {
            throw new ModelLoadException(
                    "The tensor " + stated.name() + " in " + stated.file() + " says that the weight"
                            + " has the shape " + Arrays.toString(shape) + ", but by config.json it must be ["
                            + weight.out() + ", " + weight.in() + "]: the files are not of one model");
        }
    }

    private void place(String name, StoredTensor tensor, Dtype type) throws IOException {
        boolean isMatrix = tensor.shape().size() == 2 && !name.equals(EMBEDDING);
        if (kernel.staysMapped() || !isMatrix) {
            put(name, shared(tensor), tensor, type);
        } else {
            // A mapping of its own: when the matrix has its form, the pages that were read go.
            try (TorchProgram.Value file = map(tensor)) {
                put(name, file, tensor, type);
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
