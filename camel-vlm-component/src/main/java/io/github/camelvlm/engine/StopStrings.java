package io.github.camelvlm.engine;

import java.util.List;

/**
 * Ends the text of one sequence before the first stop string in it. Text comes in pieces; each is given out as soon as it
 * can no longer be a part of a stop string, and how the text was cut into pieces changes nothing. Of several stop strings
 * the one that begins first counts.
 *
 * <p>Every character is looked at once per stop string (Knuth, Morris and Pratt 1977), however long the strings are. For
 * one thread.
 */
public final class StopStrings {
    private static final int NO_MATCH = -1;

    private final Pattern[] patterns;
    private final StringBuilder held = new StringBuilder();

    /** Where in {@link #held} the text begins that was not yet given out. */
    private int givenOut;

    /** Where in {@link #held} the first stop string begins that was found so far. */
    private int match = NO_MATCH;

    private boolean matched;

    /** @throws IllegalArgumentException if a stop string is empty */
    public StopStrings(List<String> stops) {
        patterns = stops.stream().map(Pattern::new).toArray(Pattern[]::new);
    }

    /**
     * Takes the next piece of text.
     *
     * @return the text that can be given out, perhaps none; always none once a stop string {@link #matched}
     */
    public String append(String piece) {
        for (int i = 0; i < piece.length() && !matched; i++) {
            append(piece.charAt(i));
        }
        return giveOut(matched ? match : firstUndecided());
    }

    /**
     * Ends the text.
     *
     * @return what was held back, up to the stop string if one {@link #matched}
     */
    public String finish() {
        matched |= match != NO_MATCH;
        return giveOut(matched ? match : held.length());
    }

    /** Whether a stop string ended the text: what was given out is all there is. */
    public boolean matched() {
        return matched;
    }

    private void append(char character) {
        held.append(character);
        for (Pattern pattern : patterns) {
            if (pattern.completedBy(character)) {
                int start = held.length() - pattern.length();
                match = match == NO_MATCH ? start : Math.min(match, start);
            }
        }
        // An earlier stop string may still be in the making, which would count instead.
        matched = match != NO_MATCH && match <= firstUndecided();
    }

    /** Where the longest beginning of a stop string starts that the text ends with. */
    private int firstUndecided() {
        int longest = 0;
        for (Pattern pattern : patterns) {
            longest = Math.max(longest, pattern.begun());
        }
        return held.length() - longest;
    }

    private String giveOut(int end) {
        String text = end > givenOut ? held.substring(givenOut, end) : "";
        givenOut += text.length();
        // Moving the rest forward only now and then keeps long stop strings from costing their length per piece.
        if (givenOut > held.length() / 2) {
            held.delete(0, givenOut);
            match = match == NO_MATCH ? NO_MATCH : match - givenOut;
            givenOut = 0;
        }
        return text;
    }

    /** One stop string and how much of it the text ends with. */
    private static final class Pattern {
        private final String stop;

        /** For each number of characters matched, the length of the longest shorter match that they end with. */
        private final int[] shorter;

        private int begun;

        Pattern(String stop) {
            if (stop.isEmpty()) {
                throw new IllegalArgumentException("A stop string must not be empty");
            }
            this.stop = stop;
            shorter = new int[stop.length()];
            for (int matched = 1, length = 0; matched + 1 < stop.length(); matched++) {
                length = advance(length, stop.charAt(matched));
                shorter[matched + 1] = length;
            }
        }

        private int advance(int matched, char character) {
            int length = matched;
            while (length > 0 && stop.charAt(length) != character) {
                length = shorter[length];
            }
            return stop.charAt(length) == character ? length + 1 : 0;
        }

        /** Moves on by a character of the text; true if the text now ends with the stop string. */
        boolean completedBy(char character) {
            begun = advance(begun, character);
            if (begun < stop.length()) {
                return false;
            }
            // Where this one occurs again does not matter: the first occurrence counts.
            begun = 0;
            return true;
        }

        int begun() {
            return begun;
        }

        int length() {
            return stop.length();
        }
    }
}
