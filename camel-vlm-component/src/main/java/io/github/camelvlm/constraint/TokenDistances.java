package io.github.camelvlm.constraint;

import io.github.camelvlm.grammar.CodePoints;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.IntUnaryOperator;

/**
 * The fewest tokens from each node to the end of its rule: of texts that must follow as the tokens have them, of
 * repeated characters in the longest tokens, of others one byte a token. It may be more than the fewest of all, but by one token it always becomes one less.
 */
final class TokenDistances extends Least {
    /** Steps in the trie for all nodes together; what a vocabulary without some bytes may cost. */
    private static final int MOST_STEPS = 20_000_000;

    /** Classes of characters whose tokens are looked for before they are needed, at some milliseconds each. */
    private static final int MOST_CLASSES = 4;

    private final TokenTrie tokens;
    private final boolean complete;
    /** How many of the bytes below each one are tokens. */
    private final int[] singles = new int[257];

    /** The tokens of the characters that a repetition counts. */
    private final Map<Integer, ClassTokens> runs = new HashMap<>();

    private int steps;

    TokenDistances(Nfa nfa, Vocabulary vocabulary) {
        super(nfa);
        tokens = vocabulary.tokens;
        for (int value = 0; value < 256; value++) {
            int child = tokens.child(-1, (byte) value);
            singles[value + 1] = singles[value] + (child >= 0 && tokens.token(child) >= 0 ? 1 : 0);
        }
        complete = isComplete();
        if (complete) {
            findRuns(vocabulary);
        }
    }

    private void findRuns(Vocabulary vocabulary) {
        Set<CodePoints> classes = new HashSet<>();
        for (int node = 0; node < nfa.size(); node++) {
            if (nfa.run[node] != null && (classes.size() < MOST_CLASSES || classes.contains(nfa.run[node]))) {
                classes.add(nfa.run[node]);
                ClassTokens within = vocabulary.within(nfa.run[node]);
                if (nfa.counted.get(node)) {
                    runs.put(nfa.loop[node], within);
                }
            }
        }
    }

    /** Whether each byte that texts may hold is a token. */
    boolean complete() {
        return complete;
    }

    private boolean isComplete() {
        for (int node = 0; node < nfa.size(); node++) {
            if (nfa.kind[node] == Nfa.BYTES) {
                int[] edges = nfa.values[node];
                for (int i = 0; i < edges.length; i += 3) {
                    int bytes = edges[i + 1] - edges[i] + 1;
                    if (singles[edges[i + 1] + 1] - singles[edges[i]] < bytes) {
                        return false;
                    }
                }
            }
        }
        return true;
    }

    @Override
    int ofBytes(int node, IntUnaryOperator of) {
        int best = NEVER;
        int[] edges = nfa.values[node];
        for (int i = 0; i < edges.length; i += 3) {
            if (singles[edges[i + 1] + 1] > singles[edges[i]]) {
                best = Math.min(best, Automaton.sum(1, of.applyAsInt(edges[i + 2])));
            }
        }
        return Math.min(best, below(node, -1, of));
    }

    /** By tokens that are longer than one byte and lie within texts that must follow, or within any if it must be. */
    private int below(int node, int above, IntUnaryOperator of) {
        int best = NEVER;
        int[] edges = nfa.values[node];
        if (nfa.kind[node] == Nfa.SPLIT) {
            for (int target : edges) {
                if (nfa.kind[target] == Nfa.BYTES && steps < MOST_STEPS) {
                    best = Math.min(best, below(target, above, of));
                }
            }
        } else if (nfa.kind[node] == Nfa.BYTES) {
            for (int i = 0; i < edges.length; i += 3) {
                if (edges[i] == edges[i + 1]) {
                    best = Math.min(best, after(tokens.child(above, (byte) edges[i]), edges[i + 2], of));
                } else if (!complete) {
                    int end = above < 0 ? tokens.size() : tokens.end(above);
                    for (int child = above + 1; child < end; child = tokens.end(child)) {
                        int label = tokens.label(child) & 0xFF;
                        if (label >= edges[i] && label <= edges[i + 1]) {
                            best = Math.min(best, after(child, edges[i + 2], of));
                        }
                    }
                }
            }
        }
        return best;
    }

    private int after(int child, int target, IntUnaryOperator of) {
        if (child < 0 || steps >= MOST_STEPS) {
            return NEVER;
        }
        steps++;
        int best = below(target, child, of);
        return tokens.token(child) >= 0 ? Math.min(best, Automaton.sum(1, of.applyAsInt(target))) : best;
    }

    @Override
    int ofCall(int rule) {
        return rule;
    }

    @Override
    int ofSequence(int one, int after) {
        return Automaton.sum(one, after);
    }

    @Override
    int ofTimes(int loop, int times, int once) {
        ClassTokens tokens = runs.get(loop);
        return tokens == null ? Automaton.times(times, once) : tokens.fewest(times);
    }
}
