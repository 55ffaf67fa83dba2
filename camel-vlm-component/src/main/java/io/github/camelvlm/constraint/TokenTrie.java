package io.github.camelvlm.constraint;

import java.util.Arrays;
import java.util.BitSet;
import java.util.function.IntFunction;

/**
 * The tokens of a vocabulary by the bytes that they stand for. Its nodes lie in arrays, each before those below it, so
 * that one walk from the first to the last, with leaps over what cannot follow, finds all tokens that can.
 */
public final class TokenTrie {
    private static final byte[] NONE = {};

    private final int vocabulary;
    /** The last byte of each node. */
    final byte[] labels;
    /** How many bytes lead to each node. */
    final short[] depths;
    /** The first node that is not below each one. */
    final int[] ends;
    /** A token of exactly the node's bytes, or -1. */
    final int[] tokens;
    /** A further token of the same bytes for each token, or -1. */
    private final int[] same;

    /** What each token stands for. */
    private final byte[][] bytes;

    /** The first node of each byte, or -1. */
    private final int[] roots = new int[256];

    private final int longest;

    private TokenTrie(byte[][] bytes, int nodes, int[] same) {
        this.bytes = bytes;
        vocabulary = bytes.length;
        labels = new byte[nodes];
        depths = new short[nodes];
        ends = new int[nodes];
        tokens = new int[nodes];
        this.same = same;
        longest = 0;
    }

    private TokenTrie(TokenTrie from, int size, int longest) {
        bytes = from.bytes;
        vocabulary = from.vocabulary;
        labels = Arrays.copyOf(from.labels, size);
        depths = Arrays.copyOf(from.depths, size);
        ends = Arrays.copyOf(from.ends, size);
        tokens = Arrays.copyOf(from.tokens, size);
        same = from.same;
        this.longest = longest;
        Arrays.fill(roots, -1);
        for (int node = 0; node < size; node = ends[node]) {
            roots[labels[node] & 0xFF] = node;
        }
    }

    /**
     * Puts tokens in order.
     *
     * @param vocabulary how many ids there are
     * @param bytes what each id stands for; none for those that are no text, which are then never allowed
     */
    public static TokenTrie of(int vocabulary, IntFunction<byte[]> bytes) {
        byte[][] all = new byte[vocabulary][];
        Integer[] order = new Integer[vocabulary];
        int total = 0;
        for (int token = 0; token < vocabulary; token++) {
            all[token] = bytes.apply(token);
            order[token] = token;
            total += all[token].length;
        }
        Arrays.sort(order, (one, other) -> Arrays.compareUnsigned(all[one], all[other]));
        TokenTrie trie = new TokenTrie(all, total, new int[vocabulary]);
        Arrays.fill(trie.same, -1);
        int size = 0;
        int longest = 0;
        byte[] last = {};
        int[] path = new int[Short.MAX_VALUE];
        for (int token : order) {
            byte[] text = all[token];
            if (text.length == 0 || text.length >= path.length) {
                continue;
            }
            int shared = Arrays.mismatch(last, text);
            if (shared < 0) {
                int first = trie.tokens[path[text.length]];
                trie.same[token] = trie.same[first];
                trie.same[first] = token;
                continue;
            }
            for (int depth = shared + 1; depth <= last.length; depth++) {
                trie.ends[path[depth]] = size;
            }
            for (int depth = shared + 1; depth <= text.length; depth++) {
                trie.labels[size] = text[depth - 1];
                trie.depths[size] = (short) depth;
                trie.tokens[size] = depth == text.length ? token : -1;
                path[depth] = size++;
            }
            longest = Math.max(longest, text.length);
            last = text;
        }
        for (int depth = 1; depth <= last.length; depth++) {
            trie.ends[path[depth]] = size;
        }
        return new TokenTrie(trie, size, longest);
    }

    /** Those of its nodes that are kept, with all that are above them. */
    TokenTrie only(BitSet kept) {
        TokenTrie some = new TokenTrie(bytes, kept.cardinality(), same);
        int[] path = new int[longest + 1];
        int size = 0;
        int above = 0;
        for (int node = kept.nextSetBit(0); node >= 0; node = kept.nextSetBit(node + 1)) {
            for (int depth = depths[node]; depth <= above; depth++) {
                some.ends[path[depth]] = size;
            }
            above = depths[node];
            some.labels[size] = labels[node];
            some.depths[size] = depths[node];
            some.tokens[size] = tokens[node];
            path[above] = size++;
        }
        for (int depth = 1; depth <= above; depth++) {
            some.ends[path[depth]] = size;
        }
        return new TokenTrie(some, size, longest);
    }

    /** How many ids there are. */
    public int vocabulary() {
        return vocabulary;
    }

    /** How many words of 64 bits hold a bit for each id. */
    int words() {
        return (vocabulary + 63) / 64;
    }

    /** What a token stands for; nothing for ids that are none. */
    byte[] bytes(int token) {
        return token >= 0 && token < vocabulary ? bytes[token] : NONE;
    }

    int size() {
        return labels.length;
    }

    /** Bytes of the longest token. */
    int longest() {
        return longest;
    }

    byte label(int node) {
        return labels[node];
    }

    int depth(int node) {
        return depths[node];
    }

    int end(int node) {
        return ends[node];
    }

    /** @return a token of exactly the node's bytes, or -1 */
    int token(int node) {
        return tokens[node];
    }

    /** @return a further token of the same bytes, or -1 */
    int same(int token) {
        return same[token];
    }

    /** @return the node below one (-1: the first) that a byte leads to, or -1 */
    int child(int node, byte label) {
        if (node < 0) {
            return roots[label & 0xFF];
        }
        int end = ends[node];
        for (int child = node + 1; child < end; child = ends[child]) {
            if (labels[child] == label) {
                return child;
            }
        }
        return -1;
    }
}
