package io.github.camelvlm.adapter;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.camelvlm.model.FileExpressions;
import io.github.camelvlm.model.JsonFile;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The modules that an adapter changes by matrices of low rank: a list of ends of names, a regular expression, or all.
 *
 * @param expression what a module's whole name matches
 * @param listed the ends of names that the expression was made of, if it was made of a list
 */
record Targets(FileExpressions.Expression expression, List<String> listed) {
    private static final String FIELD = "target_modules";
    private static final String ALL = "all-linear";

    /** @throws io.github.camelvlm.chat.ModelLoadException if they are told in none of these ways */
    static Targets read(JsonFile file, FileExpressions expressions) {
        JsonNode value = file.root().path(FIELD);
        if (value.isArray() && !value.isEmpty()) {
            List<String> names = file.names(file.root(), FIELD);
            String ends = String.join("|", names.stream().map(Pattern::quote).toList());
            return new Targets(expressions.of(FIELD, endingWith(ends)), names);
        }
        if (!value.isTextual()) {
            throw file.wrong(FIELD, "a list of names, a regular expression or " + ALL, value);
        }
        return new Targets(expressions.of(FIELD, value.asText().equals(ALL) ? ".*" : value.asText()), List.of());
    }

    /** The expression of names that end with an expression, as the keys of {@code rank_pattern} mean them. */
    static String endingWith(String expression) {
        return "(?:.*\\.)?(?:" + expression + ")";
    }

    /** @throws io.github.camelvlm.chat.ModelLoadException if the expression takes for ever */
    boolean contain(String module) {
        return expression.matches(module);
    }
}
