package io.github.camelvlm.constraint;

import io.github.camelvlm.grammar.Expression;
import io.github.camelvlm.grammar.Grammar;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads one text by trying everything, again and again until nothing more is found. */
final class NaiveMatcher {
    private record Call(Expression expression, int from) {}

    private final List<Expression> rules;
    private final int[] text;
    private final Map<Call, Set<Integer>> known = new HashMap<>();
    private final Set<Call> tried = new HashSet<>();
    private boolean more;

    private NaiveMatcher(Grammar grammar, String text) {
        rules = grammar.rules();
        this.text = text.codePoints().toArray();
    }

    static boolean matches(Grammar grammar, String text) {
        NaiveMatcher matcher = new NaiveMatcher(grammar, text);
        boolean found = false;
        do {
            matcher.more = false;
            matcher.tried.clear();
            found = matcher.ends(grammar.rules().get(0), 0).contains(matcher.text.length);
        } while (matcher.more && !found);
        return found;
    }

    private Set<Integer> ends(Expression expression, int from) {
        Call call = new Call(expression, from);
        Set<Integer> before = known.getOrDefault(call, Set.of());
        if (!tried.add(call)) {
            return before;
        }
        Set<Integer> ends = new HashSet<>(find(expression, from));
        more |= !before.equals(ends);
        known.put(call, ends);
        return ends;
    }

    private Set<Integer> find(Expression expression, int from) {
        if (expression instanceof Expression.Literal literal) {
            int[] wanted = literal.text().codePoints().toArray();
            int end = from + wanted.length;
            return end <= text.length && java.util.Arrays.equals(text, from, end, wanted, 0, wanted.length)
                    ? Set.of(end)
                    : Set.of();
        }
        if (expression instanceof Expression.Characters characters) {
            return from < text.length && characters.set().contains(text[from]) ? Set.of(from + 1) : Set.of();
        }
        if (expression instanceof Expression.Sequence sequence) {
            Set<Integer> at = Set.of(from);
            for (Expression part : sequence.parts()) {
                at = after(part, at);
            }
            return at;
        }
        if (expression instanceof Expression.Alternatives alternatives) {
            Set<Integer> ends = new HashSet<>();
            alternatives.options().forEach(option -> ends.addAll(ends(option, from)));
            return ends;
        }
        if (expression instanceof Expression.Repetition repetition) {
            Set<Integer> ends = new HashSet<>();
            Set<Integer> at = Set.of(from);
            for (int times = 0; times <= Math.min(repetition.most(), repetition.least() + text.length + 1); times++) {
                if (times >= repetition.least()) {
                    ends.addAll(at);
                }
                at = after(repetition.part(), at);
            }
            return ends;
        }
        return ends(rules.get(((Expression.Reference) expression).rule()), from);
    }

    private Set<Integer> after(Expression part, Set<Integer> from) {
        Set<Integer> ends = new HashSet<>();
        from.forEach(at -> ends.addAll(ends(part, at)));
        return ends;
    }
}
