package io.github.camelvlm.engine;

import java.util.List;

/**
 * Ends the text of one sequence before, or with, the first stop string in it. Text comes in pieces; each is given out as soon as it
 * can no longer be a part of a stop string, and how the text was cut into pieces changes nothing. Of several stop strings
 * the one that begins first counts.
 *
 * <p>Every character is looked at once per stop string (Knuth, Morris and Pratt 1977), however long the strings are. For
 * one thread.
 */
public final class StopStrings {
    private static final int NO_MATCH = -1;

    private final Pattern[] patterns;
    private final boolean isGivenOut;
    private final StringBuilder held = new StringBuilder();

    /** Where in {@link #held} the text begins that was not yet given out. */
    private int givenOut;

    /** Where in {@link #held} the first stop string begins that was found so far. */
    private int match = NO_MATCH;

    /** Where that stop string ends. */
    private int matchEnd;

    private boolean matched;

    /**
     * @param stops the stop strings
     * @param isGivenOut whether the text ends behind a stop string, and not before it
     * @throws IllegalArgumentException if a stop string is empty
     */
    public StopStrings(List<String> stops, boolean isGivenOut) {
        patterns = stops.stream().map(Pattern::new).toArray(Pattern[]::new);
        this.isGivenOut = isGivenOut;
    }

    /**
     * Ends the text before its first stop string.
     *
     * @throws IllegalArgumentException if a stop string is empty
     */
    public StopStrings(List<String> stops) {
        this(stops, false);
    }

    /**
     * Takes the next piece of text.
     *
     * @return the text that can be given out, perhaps none; once a stop string {@link #matched}, its end at most
     */
    public String append(String piece) {
        return append(piece, true);
    }

    /**
     * Takes the next piece of text.
     *
     * @param mayStop whether a stop string that ends in this piece counts; one that only begins in it counts later
     * @return the text that can be given out, perhaps none; once a stop string {@link #matched}, its end at most
     */
    public String append(String piece, boolean mayStop) {
        for (int i = 0; i < piece.length() && !matched; i++) {
            append(piece.charAt(i), mayStop);
        }
        return giveOut(matched ? end() : firstUndecided());
    }

    private int end() {
        return isGivenOut ? matchEnd : match;
    }

    /**
     * Ends the text.
     *
     * @return what was held back, up to the stop string if one {@link #matched}
     */
    public String finish() {
        matched |= match != NO_MATCH;
        return giveOut(matched ? end() : held.length());
    }

    /** Whether a stop string ended the text: what was given out is all there is. */
    public boolean matched() {
        return matched;
    }

    private void append(char character, boolean mayStop) {
        held.append(character);
        for (Pattern pattern : patterns) {
            if (pattern.completedBy(character) && mayStop) {
                int start = held.length() - pattern.length();
                if (match == NO_MATCH || start < match) {
                    match = start;
                    matchEnd = held.length();
                }
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
            matchEnd -= givenOut;
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
            shorter = new int[stop.length() + 1];
            for (int matched = 1, length = 0; matched < stop.length(); matched++) {
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
            begun = shorter[begun];
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
