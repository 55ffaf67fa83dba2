package io.github.camelvlm.constraint;

import java.util.Arrays;

/**
 * Where a rule that was called returns to: perhaps to several places, since calls of one rule at one place of the text
 * are one. Equal ones are the same object as long as the {@link Automaton} remembers them.
 */
final class Frame {
    /** That of the rule which describes the whole text. */
    static final Frame ROOT = new Frame(new int[0], new int[0], new Frame[0], 0, 0);

    final int[] nodes;
    final int[] counts;
    final Frame[] parents;
    /** Calls that have not returned. */
    final int depth;
    /** The fewest tokens from the end of the called rule to the end of the text. */
    final int distance;

    private final int hash;
    /** Brings those of one automaton into some order. */
    int number;

    Frame(int[] nodes, int[] counts, Frame[] parents, int depth, int distance) {
        this.nodes = nodes;
        this.counts = counts;
        this.parents = parents;
        this.depth = depth;
        this.distance = distance;
        int sum = 31 * Arrays.hashCode(nodes) + Arrays.hashCode(counts);
        for (Frame parent : parents) {
            sum = 31 * sum + parent.hash;
        }
        hash = sum;
    }

    @Override
    public boolean equals(Object other) {
        if (this == other) {
            return true;
        }
        if (!(other instanceof Frame frame)
                || hash != frame.hash
                || !Arrays.equals(nodes, frame.nodes)
                || !Arrays.equals(counts, frame.counts)) {
            return false;
        }
        for (int i = 0; i < parents.length; i++) {
            // Not what they are equal to: that would go down the whole stack.
            if (parents[i] != frame.parents[i]) {
                return false;
            }
        }
        return true;
    }

    @Override
    public int hashCode() {
        return hash;
    }
}
