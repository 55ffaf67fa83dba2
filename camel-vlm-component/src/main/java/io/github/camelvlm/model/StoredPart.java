package io.github.camelvlm.model;

import io.github.camelvlm.torch.Dtype;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * One of the tensors that a format stores in a weight's place.
 *
 * @param suffix what stands behind the module's name, such as {@code qweight}
 * @param dtypes the types that it may have
 * @param shape its dimensions; those of 1 may be missing or added
 * @param required whether there is none of these weights without it
 */
record StoredPart(String suffix, Set<Dtype> dtypes, List<Long> shape, boolean required) {
    private static final Set<Dtype> SCALES = Set.of(Dtype.FLOAT16, Dtype.BFLOAT16, Dtype.FLOAT32);

    static StoredPart integers(String suffix, long... shape) {
        return of(suffix, Set.of(Dtype.INT32), shape);
    }

    static StoredPart scales(String suffix, long... shape) {
        return of(suffix, SCALES, shape);
    }

    static StoredPart of(String suffix, Set<Dtype> dtypes, long... shape) {
        return new StoredPart(suffix, dtypes, Arrays.stream(shape).boxed().toList(), true);
    }

    StoredPart optional() {
        return new StoredPart(suffix, dtypes, shape, false);
    }
}
