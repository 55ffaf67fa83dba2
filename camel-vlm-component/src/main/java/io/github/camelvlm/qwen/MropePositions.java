package io.github.camelvlm.qwen;

import io.github.camelvlm.model.TokenPositions;
import java.util.Iterator;
import java.util.List;

/**
 * The positions of a prompt's tokens for multimodal rotary embedding (Wang et al. 2024, "Qwen2-VL", 2.1), as
 * {@code get_rope_index} of transformers computes them. Text moves on in all three rows alike; the tokens of a picture
 * share one temporal position and spread over height and width; the text after a picture goes on at one more than the
 * largest position so far.
 */
final class MropePositions {
    private static final int MERGE_SIZE = 2;

    private MropePositions() {}

    /**
     * The size of a picture.
     *
     * @param height rows of patches, a multiple of 2
     * @param width columns of patches, a multiple of 2
     */
    record Grid(int height, int width) {
        /** @throws IllegalArgumentException if a side is not a positive multiple of 2 */
        Grid {
            if (height <= 0 || width <= 0 || height % MERGE_SIZE != 0 || width % MERGE_SIZE != 0) {
                throw new IllegalArgumentException(
                        "A grid has a positive, even number of patches a side, not " + height + " x " + width);
            }
        }

        /** The number of tokens: one for each 2 × 2 patches. */
        int tokens() {
            return height / MERGE_SIZE * (width / MERGE_SIZE);
        }
    }

    /**
     * Computes the positions of a prompt.
     *
     * @param ids the prompt's tokens, each picture's {@code <|image_pad|>} repeated for each of its tokens
     * @param imagePad the id of {@code <|image_pad|>}
     * @param grids the sizes of the pictures, in their order
     * @throws IllegalArgumentException if the pads are not as many as the pictures' tokens
     */
    static TokenPositions of(int[] ids, int imagePad, List<Grid> grids) {
        long[][] positions = new long[3][ids.length];
        Iterator<Grid> pictures = grids.iterator();
        long next = 0;
        int index = 0;
        while (index < ids.length) {
            if (ids[index] == imagePad) {
                if (!pictures.hasNext()) {
                    throw new IllegalArgumentException(
                            "Token " + index + " is of a picture, but all " + grids.size() + " are placed");
                }
                Grid grid = pictures.next();
                requirePads(ids, imagePad, index, grid);
                placePicture(positions, index, next, grid);
                index += grid.tokens();
                next += Math.max(grid.height(), grid.width()) / MERGE_SIZE;
            } else {
                positions[0][index] = positions[1][index] = positions[2][index] = next;
                index++;
                next++;
            }
        }
        if (pictures.hasNext()) {
            throw new IllegalArgumentException("The prompt has fewer pictures than the " + grids.size() + " given");
        }
        return new TokenPositions(positions, Math.toIntExact(next - ids.length));
    }

    private static void requirePads(int[] ids, int imagePad, int start, Grid grid) {
        for (int i = start; i < start + grid.tokens(); i++) {
            if (i >= ids.length || ids[i] != imagePad) {
                throw new IllegalArgumentException("The picture at token " + start + " has " + (i - start)
                        + " tokens, but its grid makes " + grid.tokens());
            }
        }
    }

    private static void placePicture(long[][] positions, int start, long first, Grid grid) {
        int columns = grid.width() / MERGE_SIZE;
        for (int token = 0; token < grid.tokens(); token++) {
            positions[0][start + token] = first;
            positions[1][start + token] = first + token / columns;
            positions[2][start + token] = first + token % columns;
        }
    }
}
