package io.github.camelvlm.model;

import io.github.camelvlm.torch.StoredTensor;
import java.util.List;
import java.util.Map;

/** What a checkpoint stores of a weight. */
public sealed interface StoredWeight {

    /** Its dimensions. */
    List<Long> shape();

    /** The number of elements. */
    default long elements() {
        return shape().stream().reduce(1L, Math::multiplyExact);
    }

    /**
     * The weight itself.
     *
     * @param tensor where it lies
     */
    record Plain(StoredTensor tensor) implements StoredWeight {
        @Override
        public List<Long> shape() {
            return tensor.shape();
        }
    }

    /**
     * A weight [out, in] that was rounded.
     *
     * @param shape its dimensions
     * @param format how it is stored
     * @param parts the tensors that stand for it, by their suffixes
     */
    record Rounded(List<Long> shape, RoundedFormat format, Map<String, StoredTensor> parts) implements StoredWeight {
        public Rounded {
            shape = List.copyOf(shape);
            parts = Map.copyOf(parts);
        }

        long out() {
            return shape.get(0);
        }

        long in() {
            return shape.get(1);
        }
    }
}
