package io.github.camelvlm.model;

import java.util.List;

/**
 * What one call of {@link ModelProgram#step} computes: new tokens of several sequences, one sequence after another.
 *
 * @param tokens the tokens and where they belong
 * @param pictures the pictures that some of them stand for
 * @param choices the tokens that are to be followed by a new one
 * @param scores the tokens whose follower is known and to be judged
 */
public record Step(Tokens tokens, Pictures pictures, Choices choices, Scores scores) {

    /**
     * t new tokens and where they belong.
     *
     * @param ids [t]
     * @param positions [3 · t], the temporal row, then height, then width
     * @param slots per sequence, where its part of the KV cache begins
     * @param cachedLengths per sequence, the tokens that the cache holds of it already
     * @param counts per sequence, its new tokens
     * @param adapters per sequence, the {@link ModelAdapter#decoderKey key} of the adapter that changes the decoder for it, or
     *     {@link ModelAdapter#NONE}; those of neighbours with the same one cost as much as one's
     */
    public record Tokens(
            long[] ids, long[] positions, long[] slots, long[] cachedLengths, long[] counts, long[] adapters) {}

    /**
     * Stretches of tokens that stand for rows of pictures' embeddings.
     *
     * @param keys per stretch, the picture
     * @param starts per stretch, the first row of the picture's embeddings to take
     * @param counts per stretch, the number of rows
     * @param places per stretch, the index among the new tokens of the first one that stands for those rows
     */
    public record Pictures(long[] keys, long[] starts, long[] counts, long[] places) {
        /** No picture. */
        public static final Pictures NONE = new Pictures(new long[0], new long[0], new long[0], new long[0]);
    }

    /**
     * Where new tokens are wanted.
     *
     * @param rows indexes into the new tokens
     * @param how per row, how the token that follows it is chosen
     * @param top the number of likeliest tokens to report per row; −1 for no log-probabilities at all
     */
    public record Choices(long[] rows, List<TokenChoice> how, int top) {}

    /**
     * Where the follower is known and its log-probability is wanted.
     *
     * @param rows indexes into the new tokens
     * @param targets per row, the id of the follower
     * @param top the number of likeliest tokens to report per row
     */
    public record Scores(long[] rows, long[] targets, int top) {
        /** None. */
        public static final Scores NONE = new Scores(new long[0], new long[0], 0);
    }

    /** The smallest step there is, whose result no caller needs: the token 0 at the beginning of a slot. */
    public static Step ofOneToken(int slot) {
        return new Step(
                new Tokens(new long[1], new long[3], new long[] {slot}, new long[1], new long[] {1}, new long[1]),
                Pictures.NONE,
                new Choices(new long[1], List.of(TokenChoice.LIKELIEST), -1),
                Scores.NONE);
    }
}
