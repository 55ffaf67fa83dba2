package io.github.camelvlm.qwen;

/**
 * A picture brought to the size at which the model sees it.
 *
 * @param gridHeight rows of patches, a multiple of the merge size
 * @param gridWidth columns of patches, a multiple of the merge size
 * @param rgb [gridHeight × patch size, gridWidth × patch size, 3], unsigned bytes, not yet normalized
 */
public record ProcessedImage(int gridHeight, int gridWidth, byte[] rgb) {

    /** How many tokens the picture becomes: one for every 2 × 2 patches. */
    public int tokens() {
        return gridHeight * gridWidth / 4;
    }
}
