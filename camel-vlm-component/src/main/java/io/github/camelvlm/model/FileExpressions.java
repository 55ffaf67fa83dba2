package io.github.camelvlm.model;

import io.github.camelvlm.chat.ModelLoadException;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * The regular expressions of one file, which need not be trusted: all of them together look at no more characters of names
 * than those of any sensible file.
 */
public final class FileExpressions {
    /** A list of all modules of the largest models by their whole names has a tenth of this. */
    private static final int MAX_LENGTH = 1_000_000;
    /** Expressions for each matrix of the largest models by itself, each tried on all of them, look at half of this. */
    private static final int MAX_LOOKS = 100_000_000;

    private static final int MAX_QUOTED = 100;

    private final Path file;
    private int looks;

    /** @param file the file that holds them, for errors */
    public FileExpressions(Path file) {
        this.file = file;
    }

    /**
     * One of them.
     *
     * @param field what of the file holds it, for errors
     * @throws ModelLoadException if it is none, or one that could take for ever
     */
    public Expression of(String field, String expression) {
        if (expression.length() > MAX_LENGTH) {
            throw new ModelLoadException(file + ": " + field + " has " + expression.length()
                    + " characters, more than the " + MAX_LENGTH + " that it may have");
        }
        CountedRepetitions.requireFew(expression, file + ": " + field);
        try {
            return new Expression(field, Pattern.compile(expression));
        } catch (PatternSyntaxException e) {
            throw new ModelLoadException(file + ": " + field + " is no regular expression: " + e.getDescription(), e);
        }
    }

    /** A regular expression that is tried on names. */
    public final class Expression {
        private final String field;
        private final Pattern pattern;

        private Expression(String field, Pattern pattern) {
            this.field = field;
            this.pattern = pattern;
        }

        /**
         * Whether a whole name is of its form.
         *
         * @throws ModelLoadException if the file's expressions have taken too long
         */
        public boolean matches(String name) {
            return isFound(name, true);
        }

        /**
         * Whether a name begins with its form.
         *
         * @throws ModelLoadException if the file's expressions have taken too long
         */
        public boolean begins(String name) {
            return isFound(name, false);
        }

        private boolean isFound(String name, boolean whole) {
            Matcher matcher = pattern.matcher(new Watched(name));
            try {
                return whole ? matcher.matches() : matcher.lookingAt();
            } catch (StackOverflowError e) {
                throw new ModelLoadException(
                        file + ": " + field + " has a regular expression that takes too much memory on the name "
                                + name.substring(0, Math.min(name.length(), MAX_QUOTED))
                                + ": write it without repetitions of alternatives",
                        e);
            }
        }

        /** A name that counts how often it is looked at. */
        private final class Watched implements CharSequence {
            private final String name;

            private Watched(String name) {
                this.name = name;
            }

            @Override
            public char charAt(int index) {
                if (++looks > MAX_LOOKS) {
                    throw new ModelLoadException(file + ": " + field + " takes for ever on the name " + name
                            + ", after the file's other expressions: write them without repetitions of repetitions, and"
                            + " no more of them than the model has matrices");
                }
                return name.charAt(index);
            }

            @Override
            public int length() {
                return name.length();
            }

            @Override
            public CharSequence subSequence(int start, int end) {
                return name.substring(start, end);
            }

            @Override
            public String toString() {
                return name;
            }
        }
    }
}
