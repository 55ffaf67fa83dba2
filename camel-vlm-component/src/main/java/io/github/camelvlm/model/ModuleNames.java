package io.github.camelvlm.model;

import io.github.camelvlm.chat.ModelLoadException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Parts of a model as a quantization's configuration names them: by a name, or the part of one between dots ({@code visual}
 * for everything in it); by {@code re:} and a regular expression that names begin with; or by {@code Linear} for all matrices.
 */
final class ModuleNames {
    private static final String REGEX = "re:";
    private static final String ALL = "Linear";
    private static final int MAX_REGEX = 1000;
    /** A thousand times what a sane expression looks at in a name. */
    private static final int MAX_LOOKS = 1_000_000;

    private final List<String> names = new ArrayList<>();
    private final List<Pattern> patterns = new ArrayList<>();

    /** @throws ModelLoadException if a regular expression is broken */
    ModuleNames(List<String> entries) {
        for (String entry : entries) {
            if (entry.startsWith(REGEX)) {
                patterns.add(pattern(entry.substring(REGEX.length())));
            } else {
                names.add(entry);
            }
        }
    }

    private static Pattern pattern(String regex) {
        try {
            if (regex.length() > MAX_REGEX) {
                throw new ModelLoadException("config.json's quantization_config has a regular expression of "
                        + regex.length() + " characters, more than the " + MAX_REGEX + " that one may have");
            }
            CountedRepetitions.requireFew(regex, "config.json's quantization_config");
            return Pattern.compile(regex);
        } catch (PatternSyntaxException e) {
            throw new ModelLoadException(
                    "config.json's quantization_config has a broken regular expression: " + e.getMessage(), e);
        }
    }

    /**
     * Whether a part is among them.
     *
     * @param module its names, all of which are tried
     * @throws ModelLoadException if a regular expression takes too long
     */
    boolean contain(List<String> module) {
        return module.stream().anyMatch(this::contains);
    }

    private boolean contains(String module) {
        String bounded = "." + module + ".";
        return names.stream().anyMatch(name -> name.equals(ALL) || bounded.contains("." + name + "."))
                || patterns.stream()
                        .anyMatch(pattern ->
                                pattern.matcher(new Watched(module, new int[1])).lookingAt());
    }

    /** A name that ends an expression which looks at it again and again: the files need not be trusted. */
    private record Watched(String text, int[] looks) implements CharSequence {
        @Override
        public char charAt(int index) {
            if (++looks[0] > MAX_LOOKS) {
                throw new ModelLoadException(
                        "config.json's quantization_config has a regular expression that takes too long on " + text);
            }
            return text.charAt(index);
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return text.substring(start, end);
        }

        @Override
        public String toString() {
            return text;
        }
    }
}
