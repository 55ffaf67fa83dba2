package io.github.camelvlm.constraint;

import io.github.camelvlm.grammar.CodePoints;
import io.github.camelvlm.grammar.Expression;
import io.github.camelvlm.grammar.Grammar;
import java.util.Arrays;
import java.util.BitSet;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * The tokens that lie wholly within a class of characters, found once for all grammars: within a repetition of the class
 * all of them may follow, and only the others have to be tried. A token's last character may be cut off.
 */
final class ClassTokens {
    private static final int LONGEST_CHARACTER = 4;

    private final long[] all;
    /** Those whose last character is cut off. */
    private final int[] cutOff;

    /** By their number of characters, fewest first. */
    private final int[] tokens;
    /** Where the tokens of each number of characters end. */
    private final int[] ends;

    /** The fewest tokens that are just so many characters. */
    private final int[] fewest;
    /** The most characters of one token that has whole ones only. */
    private final int longestWhole;

    private final TokenTrie others;
    private final AtomicReferenceArray<long[]> limited;

    ClassTokens(CodePoints set, TokenTrie trie) {
        Automaton automaton = Automaton.ofBytes(
                Grammar.of(new Expression.Repetition(new Expression.Characters(set), 0, Expression.UNBOUNDED)));
        State boundary = automaton.begin();
        int[] characters = new int[trie.longest() + 1];
        State[] path = new State[trie.longest() + 1];
        int[] nodes = new int[trie.longest() + 1];
        path[0] = boundary;
        short[] of = new short[trie.vocabulary()];
        int[] count = new int[trie.longest() + 2];
        BitSet kept = new BitSet(trie.size());
        BitSet cut = new BitSet(trie.vocabulary());
        int outside = 0;
        for (int node = 0; node < trie.size(); node++) {
            int depth = trie.depth(node);
            nodes[depth] = node;
            if (node >= outside) {
                path[depth] = automaton.next(path[depth - 1], trie.label(node));
                characters[depth] = characters[depth - 1] + (path[depth - 1] == boundary ? 1 : 0);
                if (path[depth] == State.DEAD) {
                    outside = trie.end(node);
                }
            }
            if (trie.token(node) >= 0 && node < outside) {
                for (int above = depth; above > 0 && !kept.get(nodes[above]); above--) {
                    kept.set(nodes[above]);
                }
            }
            for (int token = trie.token(node); token >= 0 && node >= outside; token = trie.same(token)) {
                of[token] = (short) characters[depth];
                cut.set(token, path[depth] != boundary);
                count[characters[depth]]++;
            }
        }
        all = new long[trie.words()];
        ends = new int[count.length];
        for (int length = 1; length < count.length; length++) {
            ends[length] = ends[length - 1] + count[length];
        }
        tokens = new int[ends[ends.length - 1]];
        int[] next = ends.clone();
        for (int token = of.length - 1; token >= 0; token--) {
            if (of[token] > 0) {
                tokens[--next[of[token]]] = token;
                all[token >> 6] |= 1L << token;
            }
        }
        others = trie.only(kept);
        cutOff = cut.stream().toArray();
        boolean[] lengths = new boolean[count.length];
        int whole = 0;
        for (int length = 1; length < lengths.length; length++) {
            int from = ends[length - 1];
            int to = ends[length];
            lengths[length] = Arrays.stream(tokens, from, to).anyMatch(token -> !cut.get(token));
            whole = lengths[length] ? length : whole;
        }
        longestWhole = whole;
        fewest = fewest(lengths);
        limited = new AtomicReferenceArray<>(ends.length);
    }

    private static int[] fewest(boolean[] lengths) {
        int size = lengths.length;
        int[] found = new int[size];
        for (int characters = 1; characters < size; characters++) {
            // A character as its bytes is no more tokens than this.
            found[characters] = found[characters - 1] + (lengths[1] ? 1 : LONGEST_CHARACTER);
            for (int length = 2; length <= characters; length++) {
                if (lengths[length]) {
                    found[characters] = Math.min(found[characters], 1 + found[characters - length]);
                }
            }
        }
        return found;
    }

    /** By how many the {@link #fewest} may grow when characters are done, since a long token is no longer to be had. */
    int growth() {
        return Arrays.stream(fewest).max().orElse(0);
    }

    /** The fewest tokens within the class that are just so many characters, or nearly the fewest. */
    int fewest(int characters) {
        int most = fewest.length - 1;
        if (characters <= most) {
            return fewest[characters];
        }
        int longest = Math.max(longestWhole, 1);
        long first = ((long) characters - most + longest - 1) / longest;
        long each = longestWhole > 0 ? 1 : LONGEST_CHARACTER;
        return (int) Math.min(first * each + fewest[(int) (characters - first * longest)], Least.FAR);
    }

    /** The tokens of up to so many characters, as bits. */
    long[] within(int room) {
        if (room >= ends.length - 1 || ends[Math.max(room, 0)] == tokens.length) {
            return all;
        }
        long[] known = limited.get(room);
        if (known == null) {
            known = select(ends[room]);
            limited.set(room, known);
        }
        return known;
    }

    /** Those of them whose last character is not cut off; not shared. */
    long[] whole(int room) {
        long[] bits = within(room).clone();
        for (int token : cutOff) {
            bits[token >> 6] &= ~(1L << token);
        }
        return bits;
    }

    private long[] select(int end) {
        boolean few = end < tokens.length / 2;
        long[] bits = few ? new long[all.length] : all.clone();
        for (int i = few ? 0 : end; i < (few ? end : tokens.length); i++) {
            bits[tokens[i] >> 6] ^= 1L << tokens[i];
        }
        return bits;
    }

    /** Whether so many characters are as good as any number. */
    boolean isWide(int room) {
        return room >= ends.length - 1 || ends[Math.max(room, 0)] == tokens.length;
    }

    /** All other tokens. */
    TokenTrie others() {
        return others;
    }
}
