package io.github.camelvlm.grammar;

import java.util.List;

/**
 * A set of texts.
 *
 * @param rules what {@link Expression.Reference references} refer to; the first describes the whole text
 */
public record Grammar(List<Expression> rules) {
    /** @throws IllegalArgumentException if there is no rule */
    public Grammar {
        rules = List.copyOf(rules);
        if (rules.isEmpty()) {
            throw new IllegalArgumentException("a grammar without a rule");
        }
    }

    /** The texts of an expression without references. */
    public static Grammar of(Expression expression) {
        return new Grammar(List.of(expression));
    }
}
