package io.github.camelvlm.chat;

/**
 * How often an answer may say the same before it is ended: it is where its last tokens are one passage again and again,
 * token for token. A passage that is longer than what is looked for, or that differs in one token, is none.
 *
 * @param maxPatternSize the most tokens of a passage that is looked for; 0 to look for none
 * @param minPatternSize the fewest tokens of such a passage; of a shorter one several together count as one
 * @param minCount how often the passage is there when the answer is ended, itself included
 * @param minTokens the fewest tokens of all of these together; four times as many of a passage without words
 */
public record RepetitionBounds(int maxPatternSize, int minPatternSize, int minCount, int minTokens) {
    /** The most tokens of a passage that can be looked for. */
    public static final int MAX_PATTERN_SIZE = 4096;

    private static final int MAX_COUNT = 1000;
    private static final int LONGEST_PASSAGE = 1024;
    private static final int TOLD_THREE_TIMES = 3;
    private static final int TIMES_WITHOUT_WORDS = 4;

    /** Nothing ends an answer that repeats itself. */
    public static final RepetitionBounds OFF = new RepetitionBounds(0, 0, 0, 0);

    /** Those of a text, if nothing else is said. */
    public static final RepetitionBounds OF_TEXT = new RepetitionBounds(LONGEST_PASSAGE, 1, TOLD_THREE_TIMES, 64);

    /**
     * Those of an answer that must have a form, if nothing else is said: equal entries of a list are data, and an answer that
     * is ended among them is no data at all.
     */
    public static final RepetitionBounds OF_FORM = new RepetitionBounds(LONGEST_PASSAGE, 1, TOLD_THREE_TIMES, 1024);

    /** @throws InvalidRequestException if a value is out of its range; it names the value as vLLM does, and the range */
    public RepetitionBounds {
        require("max_pattern_size", maxPatternSize, 0, MAX_PATTERN_SIZE);
        require("min_pattern_size", minPatternSize, 0, maxPatternSize);
        if (maxPatternSize == 0) {
            minCount = 0;
            minTokens = 0;
        } else {
            require("min_count", minCount, 2, MAX_COUNT);
            require("min_tokens", minTokens, 0, Integer.MAX_VALUE / (2 * TIMES_WITHOUT_WORDS));
            minPatternSize = Math.max(1, minPatternSize);
        }
    }

    private static void require(String field, int value, int least, int most) {
        if (value < least || value > most) {
            throw new InvalidRequestException(field, "must be between " + least + " and " + most + ", but is " + value);
        }
    }

    /** Whether an answer may repeat itself as it likes. */
    public boolean isOff() {
        return maxPatternSize == 0;
    }

    /** How many of its last tokens must be a passage of this size again and again. */
    public int tokens(int patternSize) {
        return Math.max(minCount * patternSize, minTokens);
    }

    /**
     * The same of a passage without a letter or digit, of which documents have more: dots that lead to the number of a page,
     * lines to write on, empty cells of a table.
     */
    public int tokensWithoutWords(int patternSize) {
        return Math.max(minCount * patternSize, TIMES_WITHOUT_WORDS * minTokens);
    }
}
