package io.github.camelvlm.model;

/**
 * The positions of a prompt's tokens.
 *
 * @param positions the temporal, height and width positions, [3][tokens]
 * @param ropeDelta what is added to the index of a generated token, counted from the start of the prompt, to get its
 *     position in all three rows; 0 or less
 */
public record TokenPositions(long[][] positions, int ropeDelta) {}
