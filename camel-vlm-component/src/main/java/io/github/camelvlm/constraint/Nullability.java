package io.github.camelvlm.constraint;

import java.util.List;

/** Which expressions the empty text has the form of. */
final class Nullability {
    private final boolean[] rules;

    Nullability(Grammar grammar) {
        List<Expression> expressions = grammar.rules();
        rules = new boolean[expressions.size()];
        boolean changed = true;
        while (changed) {
            changed = false;
            // From the last to the first: what a rule refers to mostly follows it.
            for (int i = rules.length - 1; i >= 0; i--) {
                if (!rules[i] && isNullable(expressions.get(i), rules, 0)) {
                    rules[i] = true;
                    changed = true;
                }
            }
        }
    }

    boolean[] rules() {
        return rules;
    }

    static boolean isNullable(Expression expression, boolean[] rules) {
        return isNullable(expression, rules, 0);
    }

    private static boolean isNullable(Expression expression, boolean[] rules, int depth) {
        if (depth > NfaBuilder.DEEPEST_EXPRESSION) {
            throw new GrammarTooLargeException(
                    "is nested too deeply: more than " + NfaBuilder.DEEPEST_EXPRESSION + " levels");
        }
        if (expression instanceof Expression.Literal literal) {
            return literal.text().isEmpty();
        }
        if (expression instanceof Expression.Sequence sequence) {
            return sequence.parts().stream().allMatch(part -> isNullable(part, rules, depth + 1));
        }
        if (expression instanceof Expression.Alternatives alternatives) {
            return alternatives.options().stream().anyMatch(option -> isNullable(option, rules, depth + 1));
        }
        if (expression instanceof Expression.Repetition repetition) {
            return repetition.least() == 0 || isNullable(repetition.part(), rules, depth + 1);
        }
        return expression instanceof Expression.Reference reference && rules[reference.rule()];
    }
}
