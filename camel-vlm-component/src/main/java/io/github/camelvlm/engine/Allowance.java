package io.github.camelvlm.engine;

/**
 * How many tokens of one kind ride along in the steps of a sequence: more where they were right lately, and after wrong
 * guesses in a row none for a while, which grows with each that follows.
 */
final class Allowance {
    private static final int MOST = 8;
    private static final int LONGEST_REST = 64;

    private int tokens;
    private int wrong;
    private int rest;

    /** @param first the tokens that may ride along at first */
    Allowance(int first) {
        tokens = first;
    }

    /** The tokens that may ride along in the step at hand, for which there are some to propose. */
    int take() {
        if (rest > 0) {
            rest--;
            return 0;
        }
        return tokens;
    }

    /**
     * The step has shown how many were right.
     *
     * @param proposed how many rode along, at least one
     * @param right how many of them were right, one after another from the first
     */
    void told(int proposed, int right) {
        if (right == 0) {
            // One may be a word that differs in what else is the same; with the second it is not the same.
            rest = wrong == 0 ? 0 : Math.min(LONGEST_REST, 1 << Math.min(wrong, 30));
            wrong++;
            tokens = Math.max(1, tokens / 2);
        } else {
            wrong = 0;
            tokens = Math.min(MOST, right == proposed ? Math.max(tokens, 2 * right) : right + 1);
        }
    }
}
