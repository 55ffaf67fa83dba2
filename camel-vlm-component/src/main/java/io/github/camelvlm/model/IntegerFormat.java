package io.github.camelvlm.model;

/** A format of integers, a scale for each output or each group of inputs. */
interface IntegerFormat extends RoundedFormat {

    /** The bits of an integer: 4 or 8. */
    int bits();

    /** The inputs that share a scale; -1 for all. */
    int groupSize();

    @Override
    default long group(long in) {
        return groupSize() > 0 ? groupSize() : in;
    }

    @Override
    default boolean isInteger() {
        return true;
    }

    /** The integers that an int32 holds. */
    default long codesPerInt() {
        return Integer.SIZE / bits();
    }

    /** For people: {@code 4 bits in groups of 128}. */
    default String sizes() {
        return bits() + " bits" + (groupSize() > 0 ? " in groups of " + groupSize() : " with a scale for each output");
    }

    /**
     * The tensor that tells the group of each input.
     *
     * @param reordered whether groups need not be of neighbours, so that there must be one
     */
    default StoredPart groupIndexOf(long in, boolean reordered) {
        StoredPart index = StoredPart.integers(groupIndex(), in);
        return reordered ? index : index.optional();
    }
}
