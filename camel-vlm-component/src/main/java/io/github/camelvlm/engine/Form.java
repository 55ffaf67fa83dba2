package io.github.camelvlm.engine;

import io.github.camelvlm.constraint.CompiledGrammar;
import io.github.camelvlm.constraint.Constraint;
import java.util.Arrays;

/** A form that answers must have, and what the last such answer was: those that follow are likely to be written alike. */
final class Form {
    /** Bounds the memory that it takes, and the time of a search. */
    private static final int MAX_EXAMPLE = 1024;

    private final CompiledGrammar grammar;
    private volatile int[] example = {};

    Form(CompiledGrammar grammar) {
        this.grammar = grammar;
    }

    /** For an answer that is yet to begin. */
    Constraint begin() {
        return grammar.begin();
    }

    /** The tokens of the last answer, after the few that it followed; none before the first one has ended. */
    int[] example() {
        return example;
    }

    /**
     * An answer has ended.
     *
     * @param ids prompt and answer
     * @param start where the answer begins
     * @param end where it ends
     */
    void ended(int[] ids, int start, int end) {
        example = Arrays.copyOfRange(ids, Math.max(0, start - PromptLookup.MOST), Math.min(end, start + MAX_EXAMPLE));
    }
}
