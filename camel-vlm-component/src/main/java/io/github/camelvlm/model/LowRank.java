package io.github.camelvlm.model;

import io.github.camelvlm.torch.StoredTensor;
import java.util.Optional;

/**
 * What an adapter has learnt of a weight: {@code scale · b · a} to be added to it (Hu et al. 2021, "LoRA",
 * arXiv:2106.09685).
 *
 * @param a [rank, in]
 * @param b [out, rank]
 * @param magnitudes the lengths that the sum's rows are then brought to, [out] (Liu et al. 2024, "DoRA",
 *     arXiv:2402.09353); empty if they stay as they are
 * @param scale what the product is multiplied by
 */
public record LowRank(StoredTensor a, StoredTensor b, Optional<StoredTensor> magnitudes, double scale) {

    /** The number of a's rows and of b's columns. */
    public int rank() {
        return Math.toIntExact(a.shape().get(0));
    }
}
