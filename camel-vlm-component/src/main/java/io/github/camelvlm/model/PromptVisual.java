package io.github.camelvlm.model;

/**
 * A stretch of a prompt's tokens that stand for a picture, or for frames of a video.
 *
 * @param firstToken the index of its first token; the others follow
 * @param steps steps in time: 1 for a picture, one for every two frames of a video
 * @param gridHeight rows of patches, a multiple of 2
 * @param gridWidth columns of patches, a multiple of 2
 * @param seconds the time from one step to the next; without meaning where there is one
 */
public record PromptVisual(int firstToken, int steps, int gridHeight, int gridWidth, double seconds) {
    private static final int MERGE_SIZE = 2;

    /** @throws IllegalArgumentException if there is no step, or a side is not a positive multiple of 2 */
    public PromptVisual {
        if (steps < 1) {
            throw new IllegalArgumentException("A picture has one step in time at least, not " + steps);
        }
        if (gridHeight <= 0 || gridWidth <= 0 || gridHeight % MERGE_SIZE != 0 || gridWidth % MERGE_SIZE != 0) {
            throw new IllegalArgumentException(
                    "A grid has a positive, even number of patches a side, not " + gridHeight + " x " + gridWidth);
        }
    }

    /** Rows of tokens: one for each 2 × 2 patches. */
    public int rows() {
        return gridHeight / MERGE_SIZE;
    }

    /** Columns of tokens. */
    public int columns() {
        return gridWidth / MERGE_SIZE;
    }

    /** The number of its tokens. */
    public int tokens() {
        return steps * rows() * columns();
    }
}
