package io.github.camelvlm.schema;

/** How much a schema may ask for. */
final class Bounds {
    /** Characters of a schema. */
    static final int LONGEST_SCHEMA = 1_000_000;
    /** Objects and lists within each other in a schema. */
    static final int DEEPEST_SCHEMA = 200;
    /** Properties of one object. */
    static final int MOST_PROPERTIES = 1_000;
    /** Values of one enumeration. */
    static final int MOST_VALUES = 10_000;
    /** Combinations of the branches of {@code anyOf} and {@code oneOf} that hold at one place. */
    static final int MOST_BRANCHES = 500;
    /** Schemas that are read, again where they come together with others. */
    static final int MOST_STEPS = 200_000;
    /** Elements that come before the rest of an array. */
    static final int MOST_PREFIX_ITEMS = 200;
    /** Objects and arrays within each other where a schema says nothing of them. */
    static final int DEEPEST_FREE_JSON = 16;

    private Bounds() {}
}
