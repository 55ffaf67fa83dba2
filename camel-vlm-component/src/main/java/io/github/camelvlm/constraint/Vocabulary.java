package io.github.camelvlm.constraint;

import io.github.camelvlm.grammar.CodePoints;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** What all grammars of a model have in common. */
final class Vocabulary {
    /** Classes of characters whose tokens are remembered; each takes a few megabytes. */
    private static final int MOST_CLASSES = 12;

    final TokenTrie tokens;
    final int[] endTokens;
    /** Null where there is none. */
    final Function<String, int[]> encoder;

    private final Map<CodePoints, ClassTokens> classes = new LinkedHashMap<>(16, 0.75F, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<CodePoints, ClassTokens> eldest) {
            return size() > MOST_CLASSES;
        }
    };

    Vocabulary(TokenTrie tokens, Set<Integer> endTokens, Function<String, int[]> encoder) {
        this.tokens = tokens;
        this.endTokens = endTokens.stream().mapToInt(Integer::intValue).sorted().toArray();
        this.encoder = encoder;
        for (int token : this.endTokens) {
            if (token < 0 || token >= tokens.vocabulary()) {
                throw new IllegalArgumentException(
                        "end token " + token + " is none of the " + tokens.vocabulary() + " of the vocabulary");
            }
        }
    }

    /** The tokens that lie wholly within a class of characters. */
    ClassTokens within(CodePoints set) {
        synchronized (classes) {
            return classes.computeIfAbsent(set, missing -> new ClassTokens(missing, tokens));
        }
    }

    boolean isEnd(int token) {
        return Arrays.binarySearch(endTokens, token) >= 0;
    }
}
