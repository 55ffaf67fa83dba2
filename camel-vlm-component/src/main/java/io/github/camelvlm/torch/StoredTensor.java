package io.github.camelvlm.torch;

import java.nio.file.Path;
import java.util.List;

/**
 * Where a tensor lies in a safetensors file.
 *
 * @param name the name in the file
 * @param file the file
 * @param dtype the type it is stored in
 * @param shape its dimensions
 * @param start its first byte, counted from the beginning of the file; a multiple of the element size
 */
public record StoredTensor(String name, Path file, Dtype dtype, List<Long> shape, long start) {
    public StoredTensor {
        shape = List.copyOf(shape);
    }

    /** The number of elements. */
    public long elements() {
        return shape.stream().reduce(1L, Math::multiplyExact);
    }
}
