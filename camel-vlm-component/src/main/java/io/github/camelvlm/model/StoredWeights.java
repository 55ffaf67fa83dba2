package io.github.camelvlm.model;

import io.github.camelvlm.chat.ModelLoadException;
import io.github.camelvlm.torch.StoredTensor;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Finds the tensors of which each of a model's weights is made.
 *
 * @param directory the model directory
 * @param tensors all that its files hold, by the names that its family gives them
 * @param quantization what its configuration says of rounded weights
 * @param aliases the names that a module has in files and configurations, by the one that its family gives it
 */
public record StoredWeights(
        Path directory,
        Map<String, StoredTensor> tensors,
        Quantization quantization,
        Function<String, List<String>> aliases) {
    private static final String WEIGHT = ".weight";

    public StoredWeights {
        tensors = Map.copyOf(tensors);
    }

    /**
     * Finds a weight.
     *
     * @param name its name, by the family
     * @param shape the dimensions that it must have
     * @throws ModelLoadException if a tensor of it is missing, or of the wrong type or shape
     */
    public StoredWeight find(String name, List<Long> shape) {
        if (name.endsWith(WEIGHT) && shape.size() == 2) {
            String module = name.substring(0, name.length() - WEIGHT.length());
            Optional<RoundedFormat> format = quantization.formatOf(aliases.apply(module));
            if (format.isPresent() && isRounded(module, format.get())) {
                return rounded(module, shape, format.get());
            }
        }
        return plain(name, shape);
    }

    /** Whether the files hold any of a rounded weight's tensors: of what the configuration means, some are often left as they were. */
    private boolean isRounded(String module, RoundedFormat format) {
        StoredTensor weight = tensors.get(module + WEIGHT);
        return weight != null && !weight.dtype().isComputed()
                || format.suffixes().stream().anyMatch(suffix -> tensors.containsKey(module + "." + suffix));
    }

    private StoredWeight rounded(String module, List<Long> shape, RoundedFormat format) {
        Map<String, StoredTensor> found = new HashMap<>();
        for (StoredPart part : format.parts(module, shape.get(0), shape.get(1))) {
            String name = module + "." + part.suffix();
            StoredTensor tensor = tensors.get(name);
            if (tensor == null && part.required()) {
                throw new ModelLoadException("The model in " + directory + " lacks the tensor " + name + ", which "
                        + module + WEIGHT + " needs, since config.json says that it is quantized ("
                        + format.description() + "): its files are not complete, or config.json is of another model");
            }
            if (tensor != null) {
                if (!part.dtypes().contains(tensor.dtype())) {
                    throw wrongType(
                            tensor,
                            part.dtypes().stream()
                                    .map(dtype -> dtype.torchName())
                                    .sorted()
                                    .collect(Collectors.joining(" or ")));
                }
                if (!withoutOnes(tensor.shape()).equals(withoutOnes(part.shape()))) {
                    throw wrongShape(tensor, part.shape());
                }
                found.put(
                        part.suffix(),
                        new StoredTensor(tensor.name(), tensor.file(), tensor.dtype(), part.shape(), tensor.start()));
            }
        }
        return new StoredWeight.Rounded(shape, format, found);
    }

    private static List<Long> withoutOnes(List<Long> shape) {
        return shape.stream().filter(size -> size != 1).toList();
    }

    private StoredWeight plain(String name, List<Long> shape) {
        StoredTensor tensor = tensors.get(name);
        if (tensor == null) {
            throw new ModelLoadException("The model in " + directory + " lacks the tensor " + name
                    + ": its files are not complete, or not of the model that config.json describes");
        }
        if (!tensor.dtype().isComputed()) {
            throw wrongType(
                    tensor, "float32, bfloat16 or float16, since config.json does not say that it is quantized");
        }
        if (!tensor.shape().equals(shape)) {
            throw wrongShape(tensor, shape);
        }
        return new StoredWeight.Plain(tensor);
    }

    private static ModelLoadException wrongType(StoredTensor tensor, String expected) {
        return new ModelLoadException("The tensor " + tensor.name() + " in " + tensor.file() + " is of the type "
                + tensor.dtype().torchName() + ", but by config.json it must be " + expected
                + ": the files are not of one model");
    }

    private static ModelLoadException wrongShape(StoredTensor tensor, List<Long> shape) {
        return new ModelLoadException("The tensor " + tensor.name() + " in " + tensor.file() + " has the shape "
                + tensor.shape() + ", but by config.json it must be " + shape + ": the files are not of one model");
    }
}
