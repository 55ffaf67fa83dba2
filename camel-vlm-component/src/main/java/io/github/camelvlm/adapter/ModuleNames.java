package io.github.camelvlm.adapter;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.camelvlm.chat.ModelLoadException;
import io.github.camelvlm.model.CountedRepetitions;
import io.github.camelvlm.model.JsonFile;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Modules of a model, told in one of PEFT's ways.
 *
 * @param pattern what a module's whole name matches
 * @param listed the ends of names that the pattern was made of, if it was made of a list
 */
record ModuleNames(Pattern pattern, List<String> listed) {
    private static final String TARGETS = "target_modules";
    private static final String ALL = "all-linear";
    /** A list of all modules of the largest models by their whole names has a tenth of this. */
    private static final int MAX_PATTERN = 1_000_000;

    /** The {@code target_modules}: a list of ends of names, a regular expression, or all. */
    static ModuleNames targets(JsonFile file) {
        JsonNode value = file.root().path(TARGETS);
        if (value.isArray() && !value.isEmpty()) {
            List<String> names = new ArrayList<>();
            value.forEach(name -> names.add(name.asText()));
            String ends = String.join("|", names.stream().map(Pattern::quote).toList());
            return new ModuleNames(pattern(file, TARGETS, "(?:.*\\.)?(?:" + ends + ")"), List.copyOf(names));
        }
        if (!value.isTextual()) {
            throw file.wrong(TARGETS, "a list of names, a regular expression or " + ALL, value);
        }
        return new ModuleNames(pattern(file, TARGETS, value.asText().equals(ALL) ? ".*" : value.asText()), List.of());
    }

    /** Those whose names end with a regular expression, as the keys of {@code rank_pattern} are. */
    static ModuleNames endingWith(JsonFile file, String field, String end) {
        return new ModuleNames(pattern(file, field, "(?:.*\\.)?(?:" + end + ")"), List.of());
    }

    private static Pattern pattern(JsonFile file, String field, String expression) {
        if (expression.length() > MAX_PATTERN) {
            throw new ModelLoadException(file.path() + ": " + field + " has " + expression.length()
                    + " characters, more than the " + MAX_PATTERN + " that it may have");
        }
        CountedRepetitions.requireFew(expression, file.path() + ": " + field);
        try {
            return Pattern.compile(expression);
        } catch (PatternSyntaxException e) {
            throw new ModelLoadException(
                    file.path() + ": " + field + " is no regular expression: " + e.getDescription(), e);
        }
    }

    /** @throws ModelLoadException if the expression is one that takes for ever */
    boolean contain(String module) {
        return pattern.matcher(new CountedName(module, new int[1])).matches();
    }

    /** A name of which no more characters are looked at, one after another, than any sensible expression needs. */
    private record CountedName(String name, int[] looks) implements CharSequence {
        private static final int MAX_LOOKS = 10_000_000;

        @Override
        public char charAt(int index) {
            if (looks[0]++ > MAX_LOOKS) {
                throw new ModelLoadException("A regular expression of adapter_config.json takes for ever on the name "
                        + name + ": write it without repetitions of repetitions");
            }
            return name.charAt(index);
        }

        @Override
        public int length() {
            return name.length();
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return new CountedName(name.substring(start, end), looks);
        }

        @Override
        public String toString() {
            return name;
        }
    }
}
