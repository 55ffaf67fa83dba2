package io.github.camelvlm.model;

import java.util.Map;

/**
 * How the token that follows one row is chosen: all that a {@link Step} says of it.
 *
 * @param temperature what logits are divided by; 0 for the likeliest token
 * @param topK how many of the likeliest tokens take part; 0 for all
 * @param topP the share of probability whose likeliest tokens take part
 * @param minP the probability, as a share of the likeliest token's, that a token needs to take part
 * @param draw a number in [0, 1) that decides among those
 * @param repeated the ids that the repetition penalty applies to
 * @param repetitionPenalty what positive logits are divided by, and others multiplied
 * @param biases what is added to logits, by id
 * @param allowed the ids of the only tokens that may be chosen; none if all may
 */
public record TokenChoice(
        double temperature,
        int topK,
        double topP,
        double minP,
        double draw,
        long[] repeated,
        double repetitionPenalty,
        Map<Integer, Double> biases,
        long[] allowed) {

    /** The likeliest token, whatever came before. */
    public static final TokenChoice LIKELIEST = new TokenChoice(0, 0, 1, 0, 0, new long[0], 1, Map.of(), new long[0]);
}
