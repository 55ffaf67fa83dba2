package io.github.camelvlm.constraint;

import java.util.Arrays;

/** Finds the tokens of a trie that may follow in a state. For one use. */
final class TokenWalk {
    /**
     * Places that are come to in one walk, before it is ended and, beside what was found, tokens of one byte are taken.
     * Only grammars get there that have a hundred places at once; their texts remain right.
     */
    private static final int MOST_PLACES = 3_000_000;

    private final Automaton automaton;
    private final TokenTrie trie;
    private final int preferred;
    private int budget;
    private int[] tokens = new int[32];
    private int size;
    private int farthest;

    /** Null where it does not matter. */
    private final RunBoundary run;

    private boolean clear = true;
    private short[] times = {};

    /**
     * Begins at the trie's root.
     *
     * @param preferred the most tokens that may lie between a token and the end
     * @param budget the same if there is no such token
     */
    TokenWalk(Automaton automaton, TokenTrie trie, int preferred, int budget) {
        this(automaton, trie, preferred, budget, null);
    }

    /** Notes for each token how many times of a repetition it takes: see {@link #times}. */
    TokenWalk(Automaton automaton, TokenTrie trie, int budget, RunBoundary run) {
        this(automaton, trie, budget, budget, run);
    }

    private TokenWalk(Automaton automaton, TokenTrie trie, int preferred, int budget, RunBoundary run) {
        this.automaton = automaton;
        this.trie = trie;
        this.preferred = preferred;
        this.budget = budget;
        this.run = run;
        if (run != null) {
            times = new short[tokens.length];
        }
    }

    TokenWalk from(State state) {
        int places = run == null ? walk(state) : walkThroughRun(state);
        if (places >= MOST_PLACES) {
            singles(state);
        }
        return this;
    }

    /** A mask takes most of its time here: a third of a million nodes. */
    private int walk(State state) {
        byte[] labels = trie.labels;
        short[] depths = trie.depths;
        int[] classes = automaton.nfa.byteClass;
        State[] path = new State[trie.longest() + 1];
        path[0] = state;
        int places = 0;
        for (int node = 0; node < labels.length && places < MOST_PLACES; ) {
            int depth = depths[node];
            State before = path[depth - 1];
            State next = before.next[classes[labels[node] & 0xFF]];
            if (next == null) {
                next = automaton.next(before, labels[node]);
            }
            if (next == State.DEAD) {
                node = trie.ends[node];
                continue;
            }
            path[depth] = next;
            places += next.cost;
            int token = trie.tokens[node++];
            if (token >= 0) {
                take(token, next, 0);
            }
        }
        return places;
    }

    private int walkThroughRun(State state) {
        State[] path = new State[trie.longest() + 1];
        int[] used = new int[path.length];
        boolean[] left = new boolean[used.length];
        path[0] = state;
        int places = 0;
        for (int node = 0; node < trie.size() && places < MOST_PLACES; ) {
            int depth = trie.depth(node);
            State before = path[depth - 1];
            byte label = trie.label(node);
            State next = automaton.next(before, label);
            if (next == State.DEAD) {
                node = trie.end(node);
                continue;
            }
            path[depth] = next;
            places += next.cost;
            RunBoundary.Where where = left[depth - 1] ? RunBoundary.Where.AFTER : run.where(before);
            clear &= where != RunBoundary.Where.UNCLEAR;
            boolean again = where == RunBoundary.Where.BETWEEN && run.goesOn(label);
            left[depth] = where == RunBoundary.Where.AFTER || where == RunBoundary.Where.BETWEEN && !again;
            used[depth] = used[depth - 1] + (again ? 1 : 0);
            if (trie.token(node) >= 0) {
                take(trie.token(node), next, used[depth]);
            }
            node++;
        }
        return places;
    }

    private void singles(State state) {
        for (int node = 0; node < trie.size(); node = trie.end(node)) {
            State next = automaton.next(state, trie.label(node));
            if (next != State.DEAD && trie.token(node) >= 0) {
                take(trie.token(node), next, run == null || !run.goesOn(trie.label(node)) ? 0 : 1);
            }
        }
    }

    private void take(int first, State next, int used) {
        int distance = next.toEnd;
        if (distance > budget) {
            return;
        }
        if (distance <= preferred && budget > preferred) {
            budget = preferred;
            size = 0;
            farthest = 0;
        }
        farthest = Math.max(farthest, distance);
        for (int token = first; token >= 0; token = trie.same(token)) {
            if (size == tokens.length) {
                tokens = Arrays.copyOf(tokens, 2 * size);
                times = run == null ? times : Arrays.copyOf(times, 2 * size);
            }
            if (run != null) {
                times[size] = (short) used;
            }
            tokens[size++] = token;
        }
    }

    int[] tokens() {
        return Arrays.copyOf(tokens, size);
    }

    /** How many times of the repetition each token takes. */
    short[] times() {
        return Arrays.copyOf(times, size);
    }

    /** Whether the times are told: no text was in the repetition in several ways at once. */
    boolean isClear() {
        return clear;
    }

    /** Whether there is none of the preferred tokens. */
    boolean isLate() {
        return budget > preferred;
    }

    /** The most that any of them leaves to the end. */
    int farthest() {
        return farthest;
    }
}
