package io.github.camelvlm.constraint;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The rules of a grammar that is being made. */
final class Rules {
    private final List<Expression> expressions = new ArrayList<>();

    /**
     * Makes room for rules that are said later.
     *
     * @return the index of the first
     * @throws GrammarTooLargeException if there are too many
     */
    int reserve(int count) {
        if (expressions.size() + count > Bounds.MOST_RULES) {
            throw new GrammarTooLargeException("is too large: it takes more than " + Bounds.MOST_RULES + " rules");
        }
        int first = expressions.size();
        expressions.addAll(Collections.nCopies(count, Expression.NOTHING));
        return first;
    }

    /** Says what a rule is. */
    void set(int rule, Expression expression) {
        expressions.set(rule, expression);
    }

    /** A new rule. */
    Expression.Reference add(Expression expression) {
        int rule = reserve(1);
        set(rule, expression);
        return new Expression.Reference(rule);
    }

    /** All, of which the first describes the whole text. */
    Grammar grammar() {
        return new Grammar(expressions);
    }
}
