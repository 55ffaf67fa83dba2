package io.github.camelvlm.engine;

import io.github.camelvlm.model.PromptPicture;

/**
 * A part of a picture's way through the vision tower.
 *
 * @param sequence the sequence that waits for the picture
 * @param picture the picture
 * @param halfBlocks the half blocks to pass: attention and MLP of a block count as one each
 */
record PictureSlice(Sequence sequence, PromptPicture picture, int halfBlocks) {
    /** Half blocks and patches multiplied, which the time grows with. */
    long work() {
        return (long) halfBlocks
                * picture.image().gridHeight()
                * picture.image().gridWidth();
    }
}
