package io.github.camelvlm.grammar;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The rules of a grammar that is being made. For one thread. */
public final class Rules {
    /** How many there may be. */
    public static final int MOST = 20_000;

    private final List<Expression> expressions = new ArrayList<>();

    /**
     * Makes room for rules that are said later.
     *
     * @return the index of the first
     * @throws GrammarTooLargeException if there are too many
     */
    public int reserve(int count) {
        if (expressions.size() + count > MOST) {
            throw new GrammarTooLargeException("is too large: it takes more than " + MOST + " rules");
        }
        int first = expressions.size();
        expressions.addAll(Collections.nCopies(count, Expression.NOTHING));
        return first;
    }

    /** Says what a rule is. */
    public void set(int rule, Expression expression) {
        expressions.set(rule, expression);
    }

    /**
     * A new rule.
     *
     * @throws GrammarTooLargeException if there are too many
     */
    public Expression.Reference add(Expression expression) {
        int rule = reserve(1);
        set(rule, expression);
        return new Expression.Reference(rule);
    }

    /**
     * The texts of another grammar, as a part of this one.
     *
     * @throws GrammarTooLargeException if there are too many rules
     */
    public Expression.Reference include(Grammar grammar) {
        int first = reserve(grammar.rules().size());
        for (int i = 0; i < grammar.rules().size(); i++) {
            set(first + i, moved(grammar.rules().get(i), first));
        }
        return new Expression.Reference(first);
    }

    private static Expression moved(Expression expression, int by) {
        if (expression instanceof Expression.Sequence sequence) {
            return new Expression.Sequence(
                    sequence.parts().stream().map(part -> moved(part, by)).toList());
        }
        if (expression instanceof Expression.Alternatives alternatives) {
            return new Expression.Alternatives(alternatives.options().stream()
                    .map(option -> moved(option, by))
                    .toList());
        }
        if (expression instanceof Expression.Repetition repetition) {
            return new Expression.Repetition(moved(repetition.part(), by), repetition.least(), repetition.most());
        }
        return expression instanceof Expression.Reference reference
                ? new Expression.Reference(reference.rule() + by)
                : expression;
    }

    /** All, of which the first describes the whole text. */
    public Grammar grammar() {
        return new Grammar(expressions);
    }
}
