package io.github.camelvlm.grammar;

import java.util.List;

/** Whether there is a text that a grammar describes. */
public final class Satisfiability {
    private final List<Expression> expressions;
    private final boolean[] rules;

    private Satisfiability(Grammar grammar) {
        expressions = grammar.rules();
        rules = new boolean[expressions.size()];
        boolean changed = true;
        while (changed) {
            // Both ways, since rules refer to those after them, and to those before.
            changed = false;
            for (int i = rules.length - 1; i >= 0; i--) {
                changed |= find(i);
            }
            for (int i = 0; i < rules.length; i++) {
                changed |= find(i);
            }
        }
    }

    /** Whether there is one. */
    public static boolean isSatisfiable(Grammar grammar) {
        return new Satisfiability(grammar).rules[0];
    }

    private boolean find(int rule) {
        if (rules[rule] || !isSatisfiable(expressions.get(rule))) {
            return false;
        }
        rules[rule] = true;
        return true;
    }

    private boolean isSatisfiable(Expression expression) {
        if (expression instanceof Expression.Characters characters) {
            return !characters.set().isEmpty();
        }
        if (expression instanceof Expression.Sequence sequence) {
            return sequence.parts().stream().allMatch(this::isSatisfiable);
        }
        if (expression instanceof Expression.Alternatives alternatives) {
            return alternatives.options().stream().anyMatch(this::isSatisfiable);
        }
        if (expression instanceof Expression.Repetition repetition) {
            return repetition.least() == 0 || isSatisfiable(repetition.part());
        }
        return !(expression instanceof Expression.Reference reference) || rules[reference.rule()];
    }
}
