package io.github.camelvlm.constraint;

/**
 * Where a counted repetition of characters has done some times, and neither is within one nor has gone on to what
 * follows it; each byte tells which of both it does. Then the tokens that may follow depend in a simple way on how many
 * times are done.
 */
final class RunBoundary {
    /** Where a text is, seen from the repetition. */
    enum Where {
        BETWEEN,
        WITHIN,
        AFTER,
        /** In several ways at once. */
        UNCLEAR
    }

    private final Nfa nfa;
    private final int node;
    private final int loop;
    private final Frame frame;
    private final State enough;
    private final boolean[] again;
    private final boolean clear;

    /**
     * Looks at a repetition.
     *
     * @param node a node of characters that repeat, counted
     * @param frame where its rule returns to
     */
    RunBoundary(Automaton automaton, int node, Frame frame) {
        nfa = automaton.nfa;
        this.node = node;
        this.frame = frame;
        loop = nfa.loop[node];
        int[] values = nfa.values[loop];
        enough = automaton.at(loop, values[0], frame);
        State once = automaton.at(values[2], values[0], frame);
        State after = automaton.at(values[3], 0, frame);
        boolean[] characters = new boolean[nfa.byteOf.length];
        boolean[] others = new boolean[characters.length];
        boolean[] ends = new boolean[characters.length];
        boolean apart = enough.size() == once.size() + after.size();
        for (int i = 0; i < once.size(); i++) {
            apart &= isWithin(once, i);
            nfa.markClasses(once.nodes[i], once.nodes[i] == node ? characters : others);
        }
        for (int i = 0; i < after.size(); i++) {
            apart &= !isWithin(after, i);
            nfa.markClasses(after.nodes[i], ends);
        }
        again = new boolean[characters.length];
        for (int i = 0; i < again.length; i++) {
            again[i] = characters[i] || others[i];
            apart &= !(characters[i] && others[i]) && !(again[i] && ends[i]);
        }
        clear = apart;
    }

    private boolean isWithin(State state, int place) {
        return state.frames[place] == frame && nfa.loop[state.nodes[place]] == loop;
    }

    /** Whether it is as simple as that. */
    boolean isClear() {
        return clear;
    }

    /** The state where it has been done just often enough. */
    State enough() {
        return enough;
    }

    /** Where a state is that has not left the repetition before. */
    Where where(State state) {
        boolean between = false;
        int within = 0;
        boolean deeper = false;
        for (int i = 0; i < state.size(); i++) {
            if (isWithin(state, i)) {
                within++;
                between |= state.nodes[i] == node;
            }
            deeper |= state.frames[i].depth > frame.depth;
        }
        if (between) {
            return state.size() == enough.size() ? Where.BETWEEN : Where.UNCLEAR;
        }
        if (within == 0) {
            return deeper ? Where.UNCLEAR : Where.AFTER;
        }
        return within == state.size() ? Where.WITHIN : Where.UNCLEAR;
    }

    /** Whether a byte begins one more time. */
    boolean goesOn(byte value) {
        return again[nfa.byteClass[value & 0xFF]];
    }
}
