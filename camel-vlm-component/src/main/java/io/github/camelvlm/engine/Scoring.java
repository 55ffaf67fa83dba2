package io.github.camelvlm.engine;

import java.util.Arrays;
import java.util.List;

/**
 * Which tokens are judged by how likely they follow a token of a prompt.
 *
 * @param first the index of the first token of the prompt whose followers are judged
 * @param targets the ids to judge after that token, and after each that comes behind it
 * @param top the likeliest ids to tell in each place, too
 */
record Scoring(int first, List<int[]> targets, int top) {
    private static final int[] NOTHING = new int[0];

    /** None. */
    static final Scoring NONE = new Scoring(Integer.MAX_VALUE, List.of(), 0);

    /** All of a prompt but its first token, which follows none. */
    static Scoring ofPrompt(int[] ids, int top) {
        return new Scoring(
                0, Arrays.stream(ids).skip(1).mapToObj(id -> new int[] {id}).toList(), top);
    }

    /** The ids that are judged after the token at an index; mostly none. */
    int[] targets(int index) {
        long at = (long) index - first;
        return at < 0 || at >= targets.size() ? NOTHING : targets.get((int) at);
    }
}
