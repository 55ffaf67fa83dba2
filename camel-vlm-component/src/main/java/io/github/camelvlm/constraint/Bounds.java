package io.github.camelvlm.constraint;

/** How much of what a format may ask for. */
final class Bounds {
    /** Characters of a schema. */
    static final int LONGEST_SCHEMA = 1_000_000;
    /** Objects and lists within each other in a schema. */
    static final int DEEPEST_SCHEMA = 200;
    /** Properties of one object. */
    static final int MOST_PROPERTIES = 1_000;
    /** Values of one enumeration, or texts of one choice. */
    static final int MOST_VALUES = 10_000;
    /** Combinations of the branches of {@code anyOf} and {@code oneOf} that hold at one place. */
    static final int MOST_BRANCHES = 500;
    /** What the rules of one grammar are made of. */
    static final int MOST_RULES = 20_000;
    /** Schemas that are read, again where they come together with others. */
    static final int MOST_STEPS = 200_000;
    /** No answer has so many characters or items: from here on a most is no bound, and a least is refused. */
    static final int MOST_REPETITIONS = 1_000_000;
    /** States of one language of texts that is written out. */
    static final int MOST_STATES = 5_000;
    /** Elements that come before the rest of an array. */
    static final int MOST_PREFIX_ITEMS = 200;
    /** Objects and arrays within each other where a schema says nothing of them. */
    static final int DEEPEST_FREE_JSON = 16;

    private Bounds() {}
}
