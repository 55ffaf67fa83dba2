package io.github.camelvlm.qwen;

import io.github.camelvlm.model.PromptVisual;
import io.github.camelvlm.model.TokenPositions;
import java.util.List;

/**
 * The positions of a prompt's tokens for multimodal rotary embedding (Wang et al. 2024, "Qwen2-VL", 2.1), as
 * {@code get_rope_index} of transformers 4 computes them. Text moves on in all three rows alike; the tokens of a picture
 * share one temporal position and spread over height and width, those of a video move on in time too; the text behind goes
 * on at one more than the largest position so far.
 */
final class MropePositions {
    private MropePositions() {}

    /**
     * Computes the positions of a prompt.
     *
     * @param tokens the number of its tokens
     * @param visuals the stretches that are no text, in their order
     * @param perSecond how far the temporal position moves on in a second; 0 where it moves on by one a step, however long
     *     that is
     * @throws IllegalArgumentException if the stretches overlap or reach beyond the prompt
     */
    static TokenPositions of(int tokens, List<PromptVisual> visuals, double perSecond) {
        long[][] positions = new long[3][tokens];
        long next = 0;
        int index = 0;
        for (PromptVisual visual : visuals) {
            if (visual.firstToken() < index || visual.firstToken() + visual.tokens() > tokens) {
                throw new IllegalArgumentException("The " + visual.tokens() + " tokens of a picture at token "
                        + visual.firstToken() + " are not between token " + index + " and the end, " + tokens);
            }
            next = placeText(positions, index, visual.firstToken(), next);
            next = placeVisual(positions, visual, next, perSecond);
            index = visual.firstToken() + visual.tokens();
        }
        next = placeText(positions, index, tokens, next);
        return new TokenPositions(positions, Math.toIntExact(next - tokens));
    }

    private static long placeText(long[][] positions, int start, int end, long first) {
        for (int i = start; i < end; i++) {
            positions[0][i] = positions[1][i] = positions[2][i] = first + i - start;
        }
        return first + end - start;
    }

    private static long placeVisual(long[][] positions, PromptVisual visual, long first, double perSecond) {
        int rows = visual.rows();
        int columns = visual.columns();
        // In float32, as torch multiplies.
        float interval = perSecond == 0 ? 1 : (float) (perSecond * (float) visual.seconds());
        long largest = 0;
        for (int token = 0; token < visual.tokens(); token++) {
            int place = token % (rows * columns);
            int step = token / (rows * columns);
            long time = step == 0 ? 0 : (long) (step * interval);
            positions[0][visual.firstToken() + token] = first + time;
            positions[1][visual.firstToken() + token] = first + place / columns;
            positions[2][visual.firstToken() + token] = first + place % columns;
            largest = Math.max(largest, time);
        }
        return first + Math.max(largest, Math.max(rows, columns) - 1) + 1;
    }
}
