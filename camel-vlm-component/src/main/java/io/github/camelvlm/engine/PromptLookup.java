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
     * What followed where most of the last tokens stood before, of several such places the last one. Only the sequence's
     * own tokens count: how many of another client's answer fit would tell what that answer was.
     *
     * @param ids prompt and answer; the first {@code length} count
     * @param pictures those of the prompt, whose tokens are no text that an answer repeats
     * @param most the most tokens to find
     * @return none if the last tokens did not stand anywhere before
     */
    static int[] following(int[] ids, int length, List<PromptPicture> pictures, int most) {
        Place own = find(ids, length);
        if (own.same() == 0) {
            return new int[0];
        }
        int[] found = new int[most];
        int count = 0;
        while (count < most && !isPicture(own.end() + count, pictures)) {
            // What is found goes on into itself where the answer repeats what it has just said.
            int index = own.end() + count;
            found[count++] = index < length ? ids[index] : found[index - length];
        }
        return Arrays.copyOf(found, count);
    }

    /**
     * Where the last tokens stood.
     *
     * @param same how many of them
     * @param end the index after the last of them
     */
    private record Place(int same, int end) {
        static final Place NONE = new Place(0, 0);
    }

    private static Place find(int[] ids, int length) {
        Place best = Place.NONE;
        for (int end = length - 1; end >= LEAST && best.same() < MOST; end--) {
            if (ids[end - 1] == ids[length - 1] && ids[end - 2] == ids[length - 2]) {
                int same = same(ids, end, length);
                best = same > best.same() ? new Place(same, end) : best;
            }
        }
        return best;
    }

    private static int same(int[] ids, int end, int length) {
        int same = LEAST;
        int most = Math.min(MOST, end);
        while (same < most && ids[end - 1 - same] == ids[length - 1 - same]) {
            same++;
        }
        return same;
    }

    private static boolean isPicture(int index, List<PromptPicture> pictures) {
        return pictures.stream()
                .anyMatch(picture -> index >= picture.firstToken() && index < picture.firstToken() + picture.tokens());
    }
}
