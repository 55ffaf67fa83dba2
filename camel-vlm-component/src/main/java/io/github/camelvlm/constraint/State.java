package io.github.camelvlm.constraint;

import java.util.Arrays;

/** All places of a grammar where a text may have come to. What follows is added when it is asked for. */
final class State {
    /** That of a text which no text of the grammar begins with. */
    static final State DEAD = new State(new int[0], new int[0], new Frame[0], false, Least.NEVER, 0, 0);

    private static final int LOOKED_AT = 2;

    final int[] nodes;
    final int[] counts;
    final Frame[] frames;
    /** Whether the text may end here. */
    final boolean mayEnd;
    /** The fewest tokens to the end of the text, without one that ends it. */
    final int distance;
    /** The fewest tokens until the answer has ended, one that ends it included. */
    final int toEnd;
    /** What coming here costs a walk: places, of which so many that were only looked at count as one. */
    final int cost;
    /** What follows on a byte of each class, null if that was not asked for yet. */
    final State[] next;

    /** The tokens that may follow, null if that was not asked for yet. */
    volatile Mask mask;
    /** Those of them that leave a repetition which has been done often enough, null if that was not asked for yet. */
    volatile Masks.RunTokens others;
    /** The tokens that must follow, null if that was not asked for yet. */
    volatile int[] forced;

    private final int hash;

    /** @param work places that were looked at to find it */
    State(int[] nodes, int[] counts, Frame[] frames, boolean mayEnd, int distance, int work, int classes) {
        this.nodes = nodes;
        this.counts = counts;
        this.frames = frames;
        this.mayEnd = mayEnd;
        this.distance = distance;
        toEnd = isComplete() ? 0 : Automaton.sum(1, distance);
        cost = Math.max(nodes.length, work / LOOKED_AT);
        next = new State[classes];
        int sum = 31 * Arrays.hashCode(nodes) + Arrays.hashCode(counts) + (mayEnd ? 1 : 0);
        for (Frame frame : frames) {
            sum = 31 * sum + frame.hashCode();
        }
        hash = sum;
    }

    /** Lets go of what follows. */
    void forget() {
        Arrays.fill(next, null);
        mask = null;
        others = null;
        forced = null;
    }

    int size() {
        return nodes.length;
    }

    /** Whether the text ends here. */
    boolean isComplete() {
        return mayEnd && nodes.length == 0;
    }

    @Override
    public boolean equals(Object other) {
        return this == other
                || other instanceof State state
                        && hash == state.hash
                        && mayEnd == state.mayEnd
                        && Arrays.equals(nodes, state.nodes)
                        && Arrays.equals(counts, state.counts)
                        && Arrays.equals(frames, state.frames);
    }

    @Override
    public int hashCode() {
        return hash;
    }
}
