package io.github.camelvlm.qwen;

/**
 * The arguments of one call of the program's {@code step}: t new tokens of several sequences, one after another, and r
 * of them whose next token is wanted.
 *
 * @param ids [t]
 * @param positions [3 · t], the temporal row, then height, then width
 * @param slots per sequence, where its part of the KV cache begins
 * @param pasts per sequence, the tokens that the cache holds of it already
 * @param counts per sequence, its new tokens
 * @param rows [r], indexes into ids
 * @param pictureKeys the pictures that tokens among ids stand for
 * @param pictureStarts per picture key, the first row of its embeddings to take
 * @param pictureCounts per picture key, the number of rows
 * @param picturePlaces per picture key, the index in ids of the first token that stands for those rows
 * @param temperatures [r]
 * @param topKs [r]
 * @param topPs [r]
 * @param minPs [r]
 * @param draws [r], numbers in [0, 1)
 * @param repeated the ids that the repetition penalty applies to, row after row
 * @param repeatedCounts [r], the number of those ids per row
 * @param repetitionPenalties [r]
 * @param biased the ids whose logits are changed by addition, row after row
 * @param biasedCounts [r], the number of those ids per row
 * @param biases what is added, per id of biased
 * @param allowed the ids of the only tokens that may be chosen, row after row
 * @param allowedCounts [r], the number of those ids per row; 0 if all may
 * @param top the number of likeliest tokens to report per row; −1 for no log-probabilities at all
 * @param scored indexes into ids of tokens whose follower's log-probability is wanted
 * @param targets the ids of those followers
 * @param scoredTop the number of likeliest tokens to report per follower
 */
public record Step(
        long[] ids,
        long[] positions,
        long[] slots,
        long[] pasts,
        long[] counts,
        long[] rows,
        long[] pictureKeys,
        long[] pictureStarts,
        long[] pictureCounts,
        long[] picturePlaces,
        double[] temperatures,
        long[] topKs,
        double[] topPs,
        double[] minPs,
        double[] draws,
        long[] repeated,
        long[] repeatedCounts,
        double[] repetitionPenalties,
        long[] biased,
        long[] biasedCounts,
        double[] biases,
        long[] allowed,
        long[] allowedCounts,
        int top,
        long[] scored,
        long[] targets,
        int scoredTop) {

    /**
     * The step of one token, some token of a vocabulary, whose next one is wanted.
     *
     * @param slot where its keys and values may be put
     */
    public static Step ofOneToken(int slot) {
        long[] none = {};
        double[] noNumbers = {};
        return new Step(
                new long[] {0},
                new long[] {0, 0, 0},
                new long[] {slot},
                new long[] {0},
                new long[] {1},
                new long[] {0},
                none,
                none,
                none,
                none,
                new double[] {0},
                new long[] {0},
                new double[] {1},
                new double[] {0},
                new double[] {0},
                none,
                new long[] {0},
                new double[] {1},
                none,
                new long[] {0},
                noNumbers,
                none,
                new long[] {0},
                -1,
                none,
                none,
                0);
    }
}
