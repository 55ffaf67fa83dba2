package io.github.camelvlm.constraint;

import io.github.camelvlm.grammar.Expression;
import io.github.camelvlm.grammar.Grammar;
import io.github.camelvlm.grammar.GrammarTooLargeException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** Which expressions the empty text has the form of. */
final class Nullability {
    private static final int DEEPEST_EXPRESSION = 500;

    private final boolean[] rules;

    Nullability(Grammar grammar) {
        List<Expression> expressions = grammar.rules();
        rules = new boolean[expressions.size()];
        List<List<Integer>> users = new ArrayList<>();
        Deque<Integer> open = new ArrayDeque<>();
        for (int rule = 0; rule < rules.length; rule++) {
            users.add(new ArrayList<>());
            open.add(rule);
        }
        for (int rule = 0; rule < rules.length; rule++) {
            addUser(rule, expressions.get(rule), users, 0);
        }
        while (!open.isEmpty()) {
            int rule = open.poll();
            if (!rules[rule] && isNullable(expressions.get(rule), rules)) {
                rules[rule] = true;
                open.addAll(users.get(rule));
            }
        }
    }

    private static void addUser(int rule, Expression expression, List<List<Integer>> users, int depth) {
        requireDepth(depth);
        if (expression instanceof Expression.Reference reference) {
            users.get(reference.rule()).add(rule);
        } else if (expression instanceof Expression.Repetition repetition) {
            addUser(rule, repetition.part(), users, depth + 1);
        } else if (expression instanceof Expression.Sequence sequence) {
            sequence.parts().forEach(part -> addUser(rule, part, users, depth + 1));
        } else if (expression instanceof Expression.Alternatives alternatives) {
            alternatives.options().forEach(option -> addUser(rule, option, users, depth + 1));
        }
    }

    /** @throws GrammarTooLargeException if expressions lie too deeply within each other for the stack of a thread */
    static void requireDepth(int depth) {
        if (depth > DEEPEST_EXPRESSION) {
            throw new GrammarTooLargeException("is nested too deeply: more than " + DEEPEST_EXPRESSION + " levels");
        }
    }

    boolean[] rules() {
        return rules;
    }

    static boolean isNullable(Expression expression, boolean[] rules) {
        return isNullable(expression, rules, 0);
    }

    private static boolean isNullable(Expression expression, boolean[] rules, int depth) {
        requireDepth(depth);
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
