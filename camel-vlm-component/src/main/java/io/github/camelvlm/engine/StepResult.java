package io.github.camelvlm.engine;

import java.util.List;

/**
 * What a step of a batch has computed.
 *
 * @param tokens per sequence of the batch, those that it chose, as many as it has {@link Sequence#choices}
 * @param scores per sequence of the batch, the tokens of its prompt that are {@link Sequence#scored}
 */
record StepResult(List<List<SampledToken>> tokens, List<List<ScoredToken>> scores) {}
