package io.github.camelvlm.constraint;

import java.util.Arrays;

/** Finds the tokens of a trie that may follow in a state. For one use. */
final class TokenWalk {
    /**
     * Places that are come to in one walk, before it is ended and, beside what was found, tokens of one byte are taken.
     * Only grammars get there that have a hundred places at once; their texts remain right.
     */
    private static final int MOST_PLACES = 3_000_000;

    /** So many that are only looked at cost as much as one. */
    private static final int LOOKED_AT = 2;

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
        State[] path = new State[trie.longest() + 1];
        int[] used = new int[run == null ? 0 : path.length];
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
            places += Math.max(next.size(), next.work / LOOKED_AT);
            if (run != null) {
                RunBoundary.Where where = left[depth - 1] ? RunBoundary.Where.AFTER : run.where(before);
                clear &= where != RunBoundary.Where.UNCLEAR;
                boolean again = where == RunBoundary.Where.BETWEEN && run.goesOn(label);
                left[depth] = where == RunBoundary.Where.AFTER || where == RunBoundary.Where.BETWEEN && !again;
                used[depth] = used[depth - 1] + (again ? 1 : 0);
            }
            if (trie.token(node) >= 0) {
                take(trie.token(node), next, run == null ? 0 : used[depth]);
            }
            node++;
        }
        if (places >= MOST_PLACES) {
            singles(state);
        }
        return this;
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
        int distance = distance(next);
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

    /** The fewest tokens from a state until the answer has ended, one that ends it included. */
    static int distance(State state) {
        return state.isComplete() ? 0 : Automaton.sum(1, state.distance);
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
