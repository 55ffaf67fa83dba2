package io.github.camelvlm.regex;

import io.github.camelvlm.grammar.Expression;
import java.util.Objects;
import java.util.SortedSet;

/** Texts that a machine tells from others, character by character. Its states have a meaning to it alone. */
public interface TextLanguage {

    /** Where it begins. */
    Object begin();

    /** Where a character leads, or null if no text goes on so. */
    Object next(Object state, int character);

    /** Whether a text may end here. */
    boolean mayEnd(Object state);

    /** Adds the first characters of ranges between which all lead to the same state. */
    void addBoundaries(Object state, SortedSet<Integer> boundaries);

    /** Texts of a number of characters. */
    record OfLength(int least, int most) implements TextLanguage {
        @Override
        public Object begin() {
            return 0;
        }

        @Override
        public Object next(Object state, int character) {
            int length = (Integer) state + 1;
            if (most == Expression.UNBOUNDED) {
                return Math.min(length, least);
            }
            return length > most ? null : length;
        }

        @Override
        public boolean mayEnd(Object state) {
            return (Integer) state >= least;
        }

        @Override
        public void addBoundaries(Object state, SortedSet<Integer> boundaries) {
            // All characters count the same.
        }
    }

    /** Decimal integers that a number divides. */
    record Multiples(int divisor) implements TextLanguage {
        @Override
        public Object begin() {
            return 0;
        }

        @Override
        public Object next(Object state, int character) {
            if (character == '-') {
                return state;
            }
            return character < '0' || character > '9' ? null : (10 * (Integer) state + character - '0') % divisor;
        }

        @Override
        public boolean mayEnd(Object state) {
            return Objects.equals(state, 0);
        }

        @Override
        public void addBoundaries(Object state, SortedSet<Integer> boundaries) {
            boundaries.add((int) '-');
            boundaries.add('-' + 1);
            for (int digit = '0'; digit <= '9' + 1; digit++) {
                boundaries.add(digit);
            }
        }
    }
}
