package io.github.camelvlm.model;

import java.util.List;

/**
 * A conversation as the model takes it.
 *
 * @param ids the token ids, as many image tokens per picture as it has
 * @param positions the positions of the ids
 * @param pictures the pictures, in order
 */
public record CompiledPrompt(int[] ids, TokenPositions positions, List<PromptPicture> pictures) {
    public CompiledPrompt {
        pictures = List.copyOf(pictures);
    }
}
