package io.github.camelvlm.model;

import java.util.Map;
import java.util.stream.LongStream;

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
 * @param mask the same for many of them: token t may be chosen if bit t % 64 of word t / 64 is set; none if all may
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
        long[] allowed,
        long[] mask) {

    /** The likeliest token, whatever came before. */
    public static final TokenChoice LIKELIEST =
            new TokenChoice(0, 0, 1, 0, 0, new long[0], 1, Map.of(), new long[0], new long[0]);

    /** Whether a token has its bit set in a {@link #mask}, which holds no bits of tokens beyond its words. */
    public static boolean holds(long[] mask, long id) {
        return id >= 0 && id < 64L * mask.length && (mask[(int) (id / 64)] >>> id % 64 & 1) == 1;
    }

    /** The tokens that have their bits set in a {@link #mask}, in order. */
    public static long[] ids(long[] mask) {
        LongStream.Builder ids = LongStream.builder();
        for (int word = 0; word < mask.length; word++) {
            for (long left = mask[word]; left != 0; left &= left - 1) {
                ids.add(64L * word + Long.numberOfTrailingZeros(left));
            }
        }
        return ids.build().toArray();
    }

    /** Whether a token can be chosen at all. */
    public boolean permits(int id) {
        boolean isAllowed = allowed.length == 0 || LongStream.of(allowed).anyMatch(one -> one == id);
        boolean isMasked = mask.length > 0 && !holds(mask, id);
        return isAllowed && !isMasked && biases.getOrDefault(id, 0.0) != Double.NEGATIVE_INFINITY;
    }
}
