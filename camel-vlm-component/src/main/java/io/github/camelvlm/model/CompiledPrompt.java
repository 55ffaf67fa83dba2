package io.github.camelvlm.model;

import java.util.Arrays;
import java.util.List;

/**
 * A conversation as the model takes it.
 *
 * @param ids the token ids, as many image tokens per picture as it has
 * @param positions the positions of the ids
 * @param pictures the pictures, in order
 * @param adapter the {@link ModelAdapter#decoderKey key} of the adapter that reads and answers it
 */
public record CompiledPrompt(int[] ids, TokenPositions positions, List<PromptPicture> pictures, long adapter) {
    public CompiledPrompt {
        pictures = List.copyOf(pictures);
    }

    /** A conversation that the model as it is takes. */
    public CompiledPrompt(int[] ids, TokenPositions positions, List<PromptPicture> pictures) {
        this(ids, positions, pictures, ModelAdapter.NONE);
    }

    /** The same with tokens of text behind it, as if they had been chosen. */
    public CompiledPrompt followedBy(int[] text) {
        int length = ids.length + text.length;
        int[] all = Arrays.copyOf(ids, length);
        System.arraycopy(text, 0, all, ids.length, text.length);
        return new CompiledPrompt(all, positions.upTo(length), pictures, adapter);
    }

    /** The same as it is taken with an adapter. */
    public CompiledPrompt with(ModelAdapter chosen) {
        return new CompiledPrompt(
                ids,
                positions,
                pictures.stream().map(picture -> picture.encodedWith(chosen)).toList(),
                chosen.decoderKey());
    }
}
