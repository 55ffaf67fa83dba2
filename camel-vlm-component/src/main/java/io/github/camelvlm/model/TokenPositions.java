package io.github.camelvlm.model;

import java.util.Arrays;

/**
 * The positions of a prompt's tokens.
 *
 * @param positions the temporal, height and width positions, [3][tokens]
 * @param ropeDelta what is added to the index of a generated token, counted from the start of the prompt, to get its
 *     position in all three rows; 0 or less
 */
public record TokenPositions(long[][] positions, int ropeDelta) {

    /** The same for more tokens, those behind being text. */
    TokenPositions upTo(int tokens) {
        long[][] all = new long[positions.length][];
        for (int axis = 0; axis < all.length; axis++) {
            int known = positions[axis].length;
            all[axis] = Arrays.copyOf(positions[axis], tokens);
            for (int i = known; i < tokens; i++) {
                all[axis][i] = i + ropeDelta;
            }
        }
        return new TokenPositions(all, ropeDelta);
    }
}
