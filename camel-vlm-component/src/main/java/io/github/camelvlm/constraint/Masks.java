package io.github.camelvlm.constraint;

import io.github.camelvlm.grammar.Expression;
import java.util.Arrays;

/** Finds the tokens that may follow in states of one grammar, and remembers them there. */
final class Masks {
    /** A token within a class may end within a character, which then takes up to three more, and one for the end. */
    private static final int MOST_CUT_OFF = 4;

    private static final int[] NONE = {};

    private final Automaton automaton;
    private final Nfa nfa;
    private final Vocabulary vocabulary;
    private final TokenTrie trie;
    /** The most tokens between any token and the end: without limit, or all that there is no way from are left out. */
    private final int any;

    private final boolean complete;

    Masks(Automaton automaton, Vocabulary vocabulary, boolean complete) {
        this.automaton = automaton;
        nfa = automaton.nfa;
        this.vocabulary = vocabulary;
        trie = vocabulary.tokens;
        this.complete = complete;
        any = automaton.begin().distance == Least.NEVER ? Least.NEVER : Least.FAR;
    }

    /**
     * The tokens that may follow.
     *
     * @param remaining how many may still be chosen
     * @param ended whether the last one ended the answer
     */
    long[] bits(State state, int remaining, boolean ended) {
        if (ended) {
            return new Mask(null, vocabulary.endTokens, 0).bits(trie.words());
        }
        Mask mask = mask(state);
        int left = Math.max(remaining, 1) - 1;
        if (mask.farthest() > left && state.distance <= left + 1) {
            // If nothing but the end can be in time, it has to be that; where nothing else may follow it needs no
            // token.
            Mask near = withEnd(state, find(state, left, state.mayEnd ? left : left + 1));
            if (!near.isEmpty()) {
                return near.bits(trie.words());
            }
        }
        return mask.bits(trie.words());
    }

    /** The tokens that may follow if there is no limit. */
    Mask mask(State state) {
        Mask mask = state.mask;
        if (mask == null) {
            mask = withEnd(state, find(state, any, any));
            automaton.keep(state, mask);
        }
        return mask;
    }

    private Mask withEnd(State state, Mask mask) {
        if (!state.mayEnd) {
            return mask;
        }
        int[] more = Arrays.copyOf(mask.more(), mask.more().length + vocabulary.endTokens.length);
        System.arraycopy(vocabulary.endTokens, 0, more, mask.more().length, vocabulary.endTokens.length);
        return new Mask(mask.shared(), more, mask.farthest());
    }

    /**
     * Finds tokens.
     *
     * @param preferred the most tokens that may lie between a token and the end
     * @param budget the same if there is no such token
     */
    private Mask find(State state, int preferred, int budget) {
        int at = complete ? widest(state) : -1;
        if (at >= 0) {
            Mask mask = findInRun(state, at, preferred, budget);
            if (mask != null) {
                return mask;
            }
        }
        return found(new TokenWalk(automaton, trie, preferred, budget).from(state));
    }

    private Mask found(TokenWalk walk) {
        return new Mask(null, walk.tokens(), walk.farthest()).packed(trie.words());
    }

    /** The place of characters that may repeat most often, or -1. */
    private int widest(State state) {
        int best = -1;
        for (int i = 0; i < state.size(); i++) {
            if (nfa.run[state.nodes[i]] != null && (best < 0 || room(state, i) > room(state, best))) {
                best = i;
            }
        }
        return best;
    }

    private int room(State state, int i) {
        int node = state.nodes[i];
        if (!nfa.counted.get(node)) {
            return Expression.UNBOUNDED;
        }
        int most = nfa.values[nfa.loop[node]][1];
        return most == Expression.UNBOUNDED ? most : most - state.counts[i];
    }

    /** @return null if all tokens have to be tried */
    private Mask findInRun(State state, int at, int preferred, int budget) {
        int node = state.nodes[at];
        ClassTokens tokens = vocabulary.within(nfa.run[node]);
        // A time more, or what must follow it anyway; then one that ends the answer.
        int whole = automaton.distance(state, at);
        boolean enough = !nfa.counted.get(node) || state.counts[at] >= nfa.values[nfa.loop[node]][0];
        int cutOff = Automaton.sum(whole, MOST_CUT_OFF + (enough ? 0 : tokens.growth()));
        boolean near = cutOff > preferred;
        if (near && (!enough || state.distance >= whole || !isAlone(state, at))) {
            return null;
        }
        int room = room(state, at);
        RunBoundary run = room == Expression.UNBOUNDED ? null : boundary(state, at);
        if (run == null && !tokens.isWide(room)) {
            return null;
        }
        if (near) {
            int most = whole > preferred ? budget : preferred;
            TokenWalk walk = new TokenWalk(automaton, tokens.others(), preferred, most).from(state);
            boolean again = whole <= preferred || whole <= budget && walk.isLate();
            return new Mask(again ? tokens.whole(room) : null, walk.tokens(), budget);
        }
        if (run != null && enough && preferred == any) {
            RunTokens others = others(tokens, run);
            if (others.clear()) {
                // How often it was done matters only to tokens that would do it more often than it may still be.
                return new Mask(tokens.within(room), others.within(room), Math.max(others.farthest(), cutOff))
                        .packed(trie.words());
            }
        }
        TokenWalk walk = new TokenWalk(automaton, tokens.others(), preferred, preferred).from(state);
        return new Mask(tokens.within(room), walk.tokens(), Math.max(walk.farthest(), cutOff)).packed(trie.words());
    }

    /** Whether what the characters of a place begin with begins nothing else. */
    private boolean isAlone(State state, int at) {
        boolean[] own = new boolean[nfa.byteOf.length];
        nfa.markClasses(state.nodes[at], own);
        boolean[] others = new boolean[own.length];
        for (int i = 0; i < state.size(); i++) {
            if (i != at) {
                nfa.markClasses(state.nodes[i], others);
            }
        }
        for (int i = 0; i < own.length; i++) {
            if (own[i] && others[i]) {
                return false;
            }
        }
        return true;
    }

    /** @return null if the places of the state are not those of one repetition, or are unclear */
    private RunBoundary boundary(State state, int at) {
        int node = state.nodes[at];
        if (automaton.at(nfa.loop[node], state.counts[at], state.frames[at]) != state) {
            return null;
        }
        RunBoundary run = new RunBoundary(automaton, node, state.frames[at]);
        return run.isClear() ? run : null;
    }

    private RunTokens others(ClassTokens tokens, RunBoundary run) {
        RunTokens others = run.enough().others;
        if (others == null) {
            TokenWalk walk = new TokenWalk(automaton, tokens.others(), any, run).from(run.enough());
            others = new RunTokens(walk.tokens(), walk.times(), walk.farthest(), walk.isClear());
            run.enough().others = others;
        }
        return others;
    }

    /**
     * Tokens that leave a repetition.
     *
     * @param tokens the tokens
     * @param times how many times of it each takes before
     * @param farthest the most that any of them leaves to the end
     * @param clear whether the times could be told
     */
    record RunTokens(int[] tokens, short[] times, int farthest, boolean clear) {
        int[] within(int room) {
            int[] some = tokens.clone();
            int size = 0;
            for (int i = 0; i < some.length; i++) {
                if (times[i] <= room) {
                    some[size++] = some[i];
                }
            }
            return size == tokens.length ? tokens : size == 0 ? NONE : Arrays.copyOf(some, size);
        }
    }
}
