package io.github.camelvlm.engine;

import io.github.camelvlm.chat.RepetitionBounds;
import java.nio.charset.StandardCharsets;
import java.util.function.IntFunction;

/**
 * Notices an answer that repeats itself. It looks at the last tokens as seldom as it can: a passage that lacks 30 tokens of
 * being there often enough cannot be so before 30 tokens more, so that of an ordinary text it is done once in 50 tokens or
 * so. A look takes time in proportion to what it looks at, whatever that says.
 */
final class RepetitionDetector {
    private static final int PART_OF_A_CHARACTER = 0xFFFD;

    private final RepetitionBounds bounds;
    private final IntFunction<byte[]> texts;
    private final int mostLookedAt;
    private int nextLook;
    /** Up to which index it is known which tokens are words, and the last of these. */
    private int judged;

    private int lastWord = -1;
    /** How many tokens before the last are those that are so far apart, by the distance. Made when it is first needed. */
    private int[] equal;

    /**
     * @param bounds null for none
     * @param minTokens the fewest tokens of the answer before it is ended; or null
     * @param texts the texts of tokens, in UTF-8, by their ids
     */
    RepetitionDetector(RepetitionBounds bounds, Integer minTokens, IntFunction<byte[]> texts) {
        this.bounds = bounds;
        this.texts = texts;
        mostLookedAt = bounds == null
                ? 0
                : Math.max(bounds.tokens(bounds.maxPatternSize()), bounds.tokensWithoutWords(bounds.minPatternSize()));
        nextLook = bounds == null || bounds.isOff()
                ? Integer.MAX_VALUE
                : Math.max(bounds.tokens(bounds.minPatternSize()), minTokens == null ? 0 : minTokens);
    }

    /**
     * Whether the answer ends with one passage often enough. To be asked after each of its tokens.
     *
     * @param ids holds the tokens of the answer
     * @param start the index of its first
     * @param end the index after its last
     */
    boolean isFound(int[] ids, int start, int end) {
        int length = end - start;
        if (length < nextLook) {
            return false;
        }
        int missing = missing(ids, Math.min(length, mostLookedAt), end);
        nextLook = length + missing;
        return missing <= 0;
    }

    /**
     * The fewest tokens that can complete a repetition. It is the Z-algorithm, from the last token backwards: what is known of
     * a stretch that is equal to the end tells of the distances within it, so that no token is compared in vain twice.
     *
     * @param length how many of the last tokens are looked at
     */
    private int missing(int[] ids, int length, int end) {
        if (equal == null) {
            equal = new int[bounds.maxPatternSize() + 1];
        }
        int longest = Math.min(bounds.maxPatternSize(), length - 1);
        // Passages that are longer than the answer.
        int least = longest == bounds.maxPatternSize()
                ? Integer.MAX_VALUE
                : bounds.tokens(Math.max(bounds.minPatternSize(), length)) - length;
        int last = end - 1;
        int from = 0;
        int to = 0;
        for (int distance = 1; distance <= longest; distance++) {
            int same = distance < to ? Math.min(to - distance, equal[distance - from]) : 0;
            while (distance + same < length && ids[last - same] == ids[last - distance - same]) {
                same++;
            }
            equal[distance] = same;
            if (distance + same > to) {
                from = distance;
                to = distance + same;
            }
            if (distance >= bounds.minPatternSize()) {
                int wanted = bounds.tokens(distance) - distance;
                int missing = wanted - same;
                if (missing < least && bounds.minTokens() > 0 && !hasWords(ids, end - distance, end - length, end)) {
                    // A word would end it, and begin another one.
                    missing = Math.min(wanted, bounds.tokensWithoutWords(distance) - distance - same);
                }
                least = Math.min(least, missing);
                if (least <= 0) {
                    return least;
                }
            }
        }
        return least;
    }

    /**
     * Whether one of the last tokens is a word or a part of one. Each token is looked at once.
     *
     * @param passage the index of the first of them
     * @param first the index from which on tokens matter
     */
    private boolean hasWords(int[] ids, int passage, int first, int end) {
        int last = end - 1;
        while (last >= Math.max(first, judged) && !isWord(ids[last])) {
            last--;
        }
        lastWord = last >= judged ? last : lastWord;
        judged = end;
        return lastWord >= passage;
    }

    private boolean isWord(int id) {
        String text = new String(texts.apply(id), StandardCharsets.UTF_8);
        return text.codePoints().anyMatch(each -> Character.isLetterOrDigit(each) || each == PART_OF_A_CHARACTER);
    }
}
