package io.github.camelvlm.model;

import io.github.camelvlm.chat.ModelLoadException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The repetitions that a regular expression counts, such as {@code (?:){1000}}: of nothing they take time without looking
 * at a character, so that a bound on the characters looked at does not end them.
 */
public final class CountedRepetitions {
    private static final Pattern COUNT = Pattern.compile("\\{\\D*(\\d+)(?:\\D*?,\\D*?(\\d*))?\\D*?}");
    /** Repetitions in repetitions multiply; no name of a module is longer than some hundred characters. */
    private static final double MOST = 1_000_000;

    private CountedRepetitions() {}

    /**
     * Refuses an expression whose counts multiply to more than a million.
     *
     * @param field the file and the field that hold it, for the error
     * @throws ModelLoadException if they do
     */
    public static void requireFew(String expression, String field) {
        double product = 1;
        Matcher count = COUNT.matcher(expression);
        while (count.find()) {
            String most = count.group(2) == null || count.group(2).isEmpty() ? count.group(1) : count.group(2);
            product *= Math.max(1, Double.parseDouble(most));
        }
        if (product > MOST) {
            throw new ModelLoadException(field + " has a regular expression that repeats too often: write it without"
                    + " large counts in braces");
        }
    }
}
