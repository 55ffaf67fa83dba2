package io.github.camelvlm.adapter;

import io.github.camelvlm.adapter.TensorName.Kind;
import io.github.camelvlm.chat.ModelLoadException;
import io.github.camelvlm.model.LowRank;
import io.github.camelvlm.torch.Checkpoint;
import io.github.camelvlm.torch.CheckpointException;
import io.github.camelvlm.torch.StoredTensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads an adapter and holds every tensor of it against the model. What does not fit is refused: a tensor passed over would
 * be an adapter that does less than it was trained for, and says nothing.
 */
final class AdapterReader {
    private static final String CONFIG = "adapter_config.json";
    private static final String WEIGHTS = "adapter_model.safetensors";
    private static final String PICKLE = "adapter_model.bin";

    /** The number of a layer, or of a block of the vision tower. */
    private static final Pattern LAYER = Pattern.compile("(\\.(?:layers|blocks)\\.)(\\d+)(\\.)");

    private final Path directory;
    private final BaseWeights base;
    private final AdapterConfig config;
    private final Map<String, LowRank> changes = new LinkedHashMap<>();
    /** The modules that it changes by matrices of low rank, as it names them, by the model's names of their weights. */
    private final Map<String, String> changed = new LinkedHashMap<>();

    private final Map<String, StoredTensor> whole = new LinkedHashMap<>();

    /** The tensors of one module, and the module's name in the adapter. */
    private record Parts(String module, Map<Kind, StoredTensor> tensors) {}

    AdapterReader(Path directory, BaseWeights base) {
        this.directory = directory;
        this.base = base;
        requireFiles();
        config = AdapterConfig.read(directory);
    }

    private void requireFiles() {
        if (!Files.isDirectory(directory)) {
            throw new ModelLoadException("There is no adapter directory " + directory + ": name the folder that holds "
                    + CONFIG + " and " + WEIGHTS);
        }
        if (!Files.isRegularFile(directory.resolve(CONFIG))) {
            throw new ModelLoadException("The adapter directory " + directory + " lacks " + CONFIG
                    + ": name a folder with an adapter that PEFT or LLaMA-Factory saved");
        }
        if (!Files.isRegularFile(directory.resolve(WEIGHTS))) {
            throw new ModelLoadException("The adapter directory " + directory + " lacks " + WEIGHTS
                    + (Files.exists(directory.resolve(PICKLE))
                            ? "; " + PICKLE + " is not read, since such a file can run code: load it with PEFT and save"
                                    + " it with safe_serialization=True"
                            : ": copy or download the whole adapter again"));
        }
    }

    Adapter read() {
        Map<String, Parts> modules = new LinkedHashMap<>();
        for (StoredTensor tensor : tensors()) {
            if (!tensor.dtype().isComputed()) {
                throw refusal("has the tensor " + tensor.name() + ", which is stored as "
                        + tensor.dtype().torchName() + ": save it as float32, bfloat16 or float16");
            }
            TensorName name = TensorName.of(tensor.name());
            String parameter = parameter(tensor, name);
            Parts parts =
                    modules.computeIfAbsent(parameter, key -> new Parts(name.module(), new EnumMap<>(Kind.class)));
            StoredTensor twin = parts.tensors().put(name.kind(), tensor);
            if (twin != null) {
                throw refusal("has two tensors for " + parameter + ", " + twin.name() + " and " + tensor.name()
                        + ": save it again");
            }
        }
        if (modules.isEmpty()) {
            throw refusal("holds no tensors in " + WEIGHTS + ": save it again");
        }
        modules.forEach(this::take);
        requireAllTargets();
        requireAllLayers();
        requireAllWhole();
        requireWholeHead();
        return new Adapter(directory, changes, whole);
    }

    private List<StoredTensor> tensors() {
        try {
            return Checkpoint.tensors(directory.resolve(WEIGHTS));
        } catch (CheckpointException e) {
            throw new ModelLoadException("The adapter's weights are unusable: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new ModelLoadException(
                    "The adapter's weights in " + directory + " cannot be read: " + e.getMessage(), e);
        }
    }

    private String parameter(StoredTensor tensor, TensorName name) {
        String parameter = base.published().apply(name.parameter());
        if (!base.shapes().containsKey(parameter)) {
            throw refusal("has the tensor " + tensor.name() + ", which matches nothing of this model" + trainedFor());
        }
        return parameter;
    }

    private void take(String parameter, Parts parts) {
        Map<Kind, StoredTensor> tensors = parts.tensors();
        StoredTensor replacing = tensors.getOrDefault(Kind.WHOLE_WEIGHT, tensors.get(Kind.WHOLE_BIAS));
        if (replacing != null) {
            requireShape(replacing, base.shapes().get(parameter));
            whole.put(parameter, replacing);
        }
        if (tensors.size() > (replacing == null ? 0 : 1)) {
            changes.put(parameter, change(parameter, parts));
            changed.put(parameter, parts.module());
        }
    }

    private LowRank change(String parameter, Parts parts) {
        String module = parts.module();
        StoredTensor a = required(parts, Kind.LORA_A, "lora_A");
        StoredTensor b = required(parts, Kind.LORA_B, "lora_B");
        if (!config.targets().contain(module) && !config.targets().contain(moduleOf(parameter))) {
            throw refusal("has the tensor " + a.name() + ", but target_modules in " + CONFIG
                    + " does not name its module: the files are not of one adapter");
        }
        int rank = config.rank(module);
        List<Long> shape = base.shapes().get(parameter);
        if (shape.size() < 2 || BaseWeights.TABLES.contains(parameter)) {
            throw refusal("has the tensor " + a.name() + ", but that module is no matrix" + trainedFor());
        }
        // A convolution's: a is one too, and b is one of a single pixel.
        List<Long> wantedA = new ArrayList<>(shape);
        wantedA.set(0, (long) rank);
        List<Long> wantedB = new ArrayList<>(List.of(shape.get(0), (long) rank));
        while (wantedB.size() < shape.size()) {
            wantedB.add(1L);
        }
        requireShape(a, wantedA);
        requireShape(b, wantedB);
        return new LowRank(a, b, magnitudes(parts, shape), config.scale(module, rank));
    }

    private Optional<StoredTensor> magnitudes(Parts parts, List<Long> shape) {
        if (!config.decomposed()) {
            if (parts.tensors().containsKey(Kind.MAGNITUDES)) {
                throw refusal("has the tensor "
                        + parts.tensors().get(Kind.MAGNITUDES).name() + ", but use_dora is not set in " + CONFIG
                        + ": the files are not of one adapter");
            }
            return Optional.empty();
        }
        StoredTensor magnitudes = required(parts, Kind.MAGNITUDES, "lora_magnitude_vector");
        requireShape(magnitudes, List.of(shape.get(0)));
        return Optional.of(magnitudes);
    }

    private StoredTensor required(Parts parts, Kind kind, String name) {
        StoredTensor tensor = parts.tensors().get(kind);
        if (tensor == null) {
            throw refusal("lacks the tensor " + name + " of " + parts.module() + ": save it again");
        }
        return tensor;
    }

    private void requireShape(StoredTensor tensor, List<Long> shape) {
        if (!tensor.shape().equals(shape)) {
            throw refusal("has the tensor " + tensor.name() + " of the shape " + tensor.shape() + ", but by " + CONFIG
                    + " and the model it must be " + shape + trainedFor());
        }
    }

    /** Each matrix that the list of targets names has its tensors, unless the file says which layers it leaves out. */
    private void requireAllTargets() {
        if (!config.coversAllLayers()) {
            return;
        }
        for (String target : config.targets().listed()) {
            String end = moduleOf(base.published().apply(target + ".weight"));
            for (Map.Entry<String, List<Long>> weight : base.shapes().entrySet()) {
                String module = moduleOf(weight.getKey());
                boolean isTarget = module.equals(end) || module.endsWith("." + end);
                if (isTarget
                        && weight.getKey().endsWith(".weight")
                        && weight.getValue().size() == 2
                        && !BaseWeights.TABLES.contains(weight.getKey())
                        && !changes.containsKey(weight.getKey())) {
                    throw refusal("lacks the tensors of " + module + ", though target_modules names " + target
                            + trainedFor());
                }
            }
        }
    }

    /**
     * Of what it changes in one layer it has the tensors of all layers, unless the file says which it leaves out: where the
     * targets are told by an expression, or are all, what is missing in every layer cannot be told from what was left out.
     */
    private void requireAllLayers() {
        if (!config.coversAllLayers()) {
            return;
        }
        Map<String, String> alike = new HashMap<>();
        changed.forEach((parameter, module) -> alike.putIfAbsent(withoutNumber(parameter), module));
        for (String parameter : base.shapes().keySet()) {
            String example = alike.get(withoutNumber(parameter));
            Matcher number = LAYER.matcher(parameter);
            if (example != null && !changes.containsKey(parameter) && number.find()) {
                String module = LAYER.matcher(example).replaceFirst("$1" + number.group(2) + "$3");
                if (config.targets().contain(module)) {
                    throw refusal("lacks the tensors of " + module + ", though target_modules means it as it does "
                            + example + trainedFor());
                }
            }
        }
    }

    private static String withoutNumber(String parameter) {
        return LAYER.matcher(parameter).replaceFirst("$1#$3");
    }

    private void requireAllWhole() {
        for (String module : config.whole()) {
            String end = base.published().apply(module + ".weight");
            String name = end.substring(0, end.length() - ".weight".length());
            boolean isThere =
                    whole.keySet().stream().anyMatch(parameter -> ("." + parameter).contains("." + name + "."));
            if (!isThere) {
                throw refusal("lacks the tensors of " + module + ", though modules_to_save names it: save it again");
            }
        }
    }

    /** What the head would be is not told: the embedding that was trained, or the one before. */
    private void requireWholeHead() {
        if (base.tiedHead() && whole.containsKey(BaseWeights.EMBEDDING) && !whole.containsKey(BaseWeights.HEAD)) {
            throw refusal("has an embedding that was trained whole, which in this model serves as the output head too,"
                    + " and no head: train both (modules_to_save: embed_tokens, lm_head), or merge it with PEFT");
        }
    }

    private static String moduleOf(String parameter) {
        return parameter.substring(0, parameter.lastIndexOf('.'));
    }

    private String trainedFor() {
        return ": it was trained for " + config.base() + ". Use it with that model";
    }

    private ModelLoadException refusal(String what) {
        return new ModelLoadException("The adapter in " + directory + " " + what);
    }
}
