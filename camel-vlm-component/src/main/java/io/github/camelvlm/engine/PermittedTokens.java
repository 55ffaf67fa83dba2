package io.github.camelvlm.engine;

import io.github.camelvlm.chat.SamplingOptions;
import io.github.camelvlm.model.Tokenizer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Which tokens may be chosen next in one sequence: those that the request allows, but none that would end the answer too
 * early or complete a text that it must not hold. For one thread.
 */
final class PermittedTokens {
    private final long[] allowed;
    private final Set<Integer> endTokens;
    private final int minTokens;
    private final List<List<Integer>> badWords;
    private final List<Integer> generated = new ArrayList<>();

    /**
     * @param options settings; what they leave open is permitted
     * @param endTokens the ids that end the answer, which may not before it has as many tokens as it must
     * @param badWords the tokens of the texts that the answer must not hold
     */
    PermittedTokens(SamplingOptions options, Set<Integer> endTokens, List<List<Integer>> badWords) {
        allowed = options.allowedTokenIds() == null
                ? new long[0]
                : options.allowedTokenIds().stream()
                        .mapToLong(Integer::longValue)
                        .distinct()
                        .toArray();
        minTokens = options.minTokens() == null ? 0 : options.minTokens();
        this.endTokens = endTokens;
        this.badWords = badWords;
    }

    /**
     * The tokens of texts that an answer must not hold, as vLLM finds them: at the beginning of the answer and within it,
     * where a space before the word makes another first token.
     */
    static List<List<Integer>> badWords(List<String> words, Tokenizer tokenizer) {
        List<List<Integer>> sequences = new ArrayList<>();
        for (String word : words) {
            List<Integer> plain = encode(word.stripLeading(), tokenizer);
            List<Integer> spaced = encode(" " + word.stripLeading(), tokenizer);
            sequences.add(plain);
            if (spaced.size() == plain.size() && !spaced.get(0).equals(plain.get(0))) {
                sequences.add(spaced);
            }
        }
        return sequences;
    }

    private static List<Integer> encode(String text, Tokenizer tokenizer) {
        List<Integer> ids = new ArrayList<>();
        for (int id : tokenizer.encode(text)) {
            ids.add(id);
        }
        return ids;
    }

    /** The ids of the only tokens that are allowed; empty if all are. */
    long[] allowed() {
        return allowed;
    }

    /** The ids that may not be chosen next, allowed or not. */
    Set<Integer> forbidden() {
        Set<Integer> forbidden = new HashSet<>();
        if (generated.size() < minTokens) {
            forbidden.addAll(endTokens);
        }
        for (List<Integer> word : badWords) {
            int begun = word.size() - 1;
            int start = generated.size() - begun;
            if (start >= 0 && generated.subList(start, generated.size()).equals(word.subList(0, begun))) {
                forbidden.add(word.get(begun));
            }
        }
        return forbidden;
    }

    /** Whether there is no token left to choose. */
    boolean areNone() {
        if (allowed.length == 0) {
            return false;
        }
        Set<Integer> forbidden = forbidden();
        for (long id : allowed) {
            if (!forbidden.contains((int) id)) {
                return false;
            }
        }
        return true;
    }

    /** A token was chosen. */
    void accept(int id) {
        generated.add(id);
    }
}
