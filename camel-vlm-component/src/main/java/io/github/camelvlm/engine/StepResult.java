package io.github.camelvlm.engine;

import java.util.List;

/**
 * What a step of a batch has computed.
 *
 * @param tokens the next tokens of those sequences that {@link Sequence#choosesToken choose} one, in the batch's order
 * @param scores per sequence of the batch, the tokens of its prompt that are {@link Sequence#scored}
 */
record StepResult(List<SampledToken> tokens, List<List<ScoredToken>> scores) {}
