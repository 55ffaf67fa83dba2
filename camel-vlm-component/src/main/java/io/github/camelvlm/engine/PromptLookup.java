package io.github.camelvlm.engine;

import io.github.camelvlm.model.PromptPicture;
import java.util.Arrays;
import java.util.List;

/** Finds, in a prompt and its answer, where the last tokens stood before, and what followed there: answers often repeat. */
final class PromptLookup {
    /** So few of the last tokens must have stood there. */
    private static final int LEAST = 2;

    /** Where so many did, no better place is looked for. */
    private static final int MOST = 4;

    private PromptLookup() {}

    /**
     * What followed where most of the last tokens stood before, of several such places the last one.
     *
     * @param ids prompt and answer; the first {@code length} count
     * @param pictures those of the prompt, whose tokens are no text that an answer repeats
     * @param most the most tokens to find
     * @return none if the last tokens did not stand anywhere before
     */
    static int[] following(int[] ids, int length, List<PromptPicture> pictures, int most) {
        int best = 0;
        int place = 0;
        for (int end = length - 1; end >= LEAST && best < MOST; end--) {
            if (ids[end - 1] == ids[length - 1] && ids[end - 2] == ids[length - 2]) {
                int same = same(ids, length, end);
                if (same > best) {
                    best = same;
                    place = end;
                }
            }
        }
        if (best == 0) {
            return new int[0];
        }
        int[] found = new int[most];
        int count = 0;
        while (count < most && !isPicture(place + count, pictures)) {
            // What is found goes on into itself where the answer repeats what it has just said.
            int index = place + count;
            found[count++] = index < length ? ids[index] : found[index - length];
        }
        return Arrays.copyOf(found, count);
    }

    /** How many of the tokens before an index are the last ones. */
    private static int same(int[] ids, int length, int end) {
        int same = LEAST;
        while (same < MOST && same < end && ids[end - 1 - same] == ids[length - 1 - same]) {
            same++;
        }
        return same;
    }

    private static boolean isPicture(int index, List<PromptPicture> pictures) {
        return pictures.stream()
                .anyMatch(picture -> index >= picture.firstToken() && index < picture.firstToken() + picture.tokens());
    }
}
