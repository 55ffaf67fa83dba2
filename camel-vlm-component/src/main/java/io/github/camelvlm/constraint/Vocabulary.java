package io.github.camelvlm.constraint;

import java.util.Arrays;
import java.util.Set;
import java.util.function.Function;

/** What all grammars of a model have in common. */
final class Vocabulary {
    final TokenTrie tokens;
    final int[] endTokens;
    /** Null where there is none. */
    final Function<String, int[]> encoder;

    Vocabulary(TokenTrie tokens, Set<Integer> endTokens, Function<String, int[]> encoder) {
        this.tokens = tokens;
        this.endTokens = endTokens.stream().mapToInt(Integer::intValue).sorted().toArray();
        this.encoder = encoder;
    }

    boolean isEnd(int token) {
        return Arrays.binarySearch(endTokens, token) >= 0;
    }
}
