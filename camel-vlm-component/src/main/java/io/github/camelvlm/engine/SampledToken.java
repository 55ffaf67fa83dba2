package io.github.camelvlm.engine;

/**
 * A token that a step chose.
 *
 * @param id its id
 * @param logprob its log-probability; NaN if that was not asked for
 * @param topIds the likeliest ids, as many as were asked for
 * @param topLogprobs their log-probabilities
 */
record SampledToken(int id, double logprob, int[] topIds, double[] topLogprobs) {
    /** What a step chose whose logits are not finite. */
    static final SampledToken NONE = new SampledToken(-1, Double.NaN, new int[0], new double[0]);

    boolean isChosen() {
        return this != NONE;
    }
}
