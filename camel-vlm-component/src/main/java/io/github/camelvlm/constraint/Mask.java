package io.github.camelvlm.constraint;

/**
 * A set of tokens, kept small: most sets are a few tokens, or those of a class of characters and a few.
 *
 * @param shared tokens as bits, null for none; not to be changed
 * @param more tokens beside those
 * @param farthest the most that any of them leaves to the end, in tokens
 */
record Mask(long[] shared, int[] more, int farthest) {
    /** Of more tokens than this, bits take less. */
    static final int FEW = 1000;

    /** The tokens as bits, perhaps shared. */
    long[] bits(int words) {
        if (more.length == 0 && shared != null) {
            return shared;
        }
        long[] bits = shared == null ? new long[words] : shared.clone();
        for (int token : more) {
            bits[token >> 6] |= 1L << token;
        }
        return bits;
    }

    /** The same with many tokens as bits. */
    Mask packed(int words) {
        return more.length > FEW ? new Mask(bits(words), new int[0], farthest) : this;
    }

    boolean isEmpty() {
        return shared == null && more.length == 0;
    }
}
