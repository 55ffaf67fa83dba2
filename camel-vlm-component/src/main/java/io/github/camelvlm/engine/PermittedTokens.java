package io.github.camelvlm.engine;

import io.github.camelvlm.chat.InvalidRequestException;
import io.github.camelvlm.chat.SamplingOptions;
import io.github.camelvlm.chat.VlmException;
import io.github.camelvlm.constraint.Constraint;
import io.github.camelvlm.model.TokenChoice;
import io.github.camelvlm.model.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Which tokens may be chosen next in one sequence: those that the request and the form of its answer allow, but none that
 * would end the answer too early or complete a text that it must not hold. For one thread.
 */
final class PermittedTokens {
    /** Up to here the ids of the tokens cost a step less than a bit for each token of the vocabulary. */
    static final int FEW = 1024;

    private static final long[] ALL = new long[0];

    private final long[] allowed;
    private final Set<Integer> endTokens;
    private final int minTokens;
    private final int maxTokens;
    private final List<List<Integer>> badWords;
    private final Constraint constraint;
    private final List<Integer> generated;
    /** Those of the next token; null until they are asked for. */
    private long[] mask;

    private long[] ids;

    /**
     * @param options settings; what they leave open is permitted
     * @param endTokens the ids that end the answer, which may not before it has as many tokens as it must
     * @param badWords the tokens of the texts that the answer must not hold
     * @param constraint the form of the answer; null for any
     * @param maxTokens the most tokens that the answer may have
     */
    PermittedTokens(
            SamplingOptions options,
            Set<Integer> endTokens,
            List<List<Integer>> badWords,
            Constraint constraint,
            int maxTokens) {
        allowed = options.allowedTokenIds() == null
                ? ALL
                : options.allowedTokenIds().stream()
                        .mapToLong(Integer::longValue)
                        .distinct()
                        .toArray();
        // An answer that has a form ends where that leaves nothing else, however long it was to be.
        boolean isEndless = constraint != null && Boolean.TRUE.equals(options.ignoreEos());
        minTokens = isEndless ? Integer.MAX_VALUE : options.minTokens() == null ? 0 : options.minTokens();
        this.endTokens = endTokens;
        this.badWords = badWords;
        this.constraint = constraint;
        this.maxTokens = maxTokens;
        generated = new ArrayList<>();
    }

    private PermittedTokens(PermittedTokens other) {
        allowed = other.allowed;
        minTokens = other.minTokens;
        maxTokens = other.maxTokens;
        endTokens = other.endTokens;
        badWords = other.badWords;
        constraint = other.constraint == null ? null : other.constraint.copy();
        generated = new ArrayList<>(other.generated);
        mask = other.mask;
        ids = other.ids;
    }

    /** The same, which goes on by itself. */
    PermittedTokens copy() {
        return new PermittedTokens(this);
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

    /** The ids of the only tokens that are allowed; empty if all are, or {@link #mask} tells. */
    long[] allowed() {
        find();
        return ids;
    }

    /** A bit for each token, set for those that are allowed; empty if all are, or {@link #allowed} tells. */
    long[] mask() {
        find();
        return mask;
    }

    private void find() {
        if (mask != null) {
            return;
        }
        long[] form = constraint == null ? ALL : constraint.mask(maxTokens - generated.size());
        if (form.length == 0) {
            ids = allowed;
            mask = ALL;
        } else if (allowed.length > 0) {
            // An id that no token has forbids all others.
            long[] both = Arrays.stream(allowed)
                    .filter(id -> TokenChoice.holds(form, id))
                    .toArray();
            ids = both.length == 0 ? ALL : both;
            mask = both.length == 0 ? new long[form.length] : ALL;
        } else {
            boolean few = isFew(form);
            ids = few ? TokenChoice.ids(form) : ALL;
            mask = few ? ALL : form;
        }
    }

    private static boolean isFew(long[] words) {
        int count = 0;
        for (int i = 0; i < words.length && count <= FEW; i++) {
            count += Long.bitCount(words[i]);
        }
        return count > 0 && count <= FEW;
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
        find();
        if (ids.length == 0 && mask.length == 0) {
            return false;
        }
        Set<Integer> forbidden = forbidden();
        if (ids.length > 0) {
            return Arrays.stream(ids).allMatch(id -> forbidden.contains((int) id));
        }
        long left = Arrays.stream(mask).map(Long::bitCount).sum();
        return left
                <= forbidden.stream().filter(id -> TokenChoice.holds(mask, id)).count();
    }

    /** Why there is none. */
    VlmException noChoice() {
        boolean isFormAlone = constraint != null && allowed.length == 0 && badWords.isEmpty();
        if (isFormAlone) {
            return new VlmException("The answer cannot go on: its form is too complex to tell which tokens may follow");
        }
        return new InvalidRequestException(
                allowed.length == 0 ? "bad_words" : "allowed_token_ids",
                "leave no token to choose: "
                        + (constraint == null ? "" : "the form that the answer must have, ")
                        + "bad_words, min_tokens and stop_token_ids forbid all of them. Allow more");
    }

    /** Whether the answer has a form. */
    boolean haveForm() {
        return constraint != null;
    }

    /** Whether the form leaves nothing to say. */
    boolean areAtTheEnd() {
        return constraint != null && constraint.isComplete();
    }

    /** The tokens that the form leaves no other choice than, as the tokenizer would write them; at most so many. */
    int[] forced(int most) {
        return constraint == null ? new int[0] : constraint.forced(most);
    }

    /** The form as it stands, which goes on by itself. */
    Optional<Constraint> form() {
        return Optional.ofNullable(constraint).map(Constraint::copy);
    }

    /** A token was chosen. */
    void accept(int id) {
        generated.add(id);
        mask = null;
        // An end token is no part of the text that has the form.
        if (constraint != null && !endTokens.contains(id)) {
            constraint.accept(id);
        }
    }
}
