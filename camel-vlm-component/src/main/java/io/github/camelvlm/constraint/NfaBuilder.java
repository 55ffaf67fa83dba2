package io.github.camelvlm.constraint;

import io.github.camelvlm.grammar.CodePoints;
import io.github.camelvlm.grammar.Expression;
import io.github.camelvlm.grammar.Grammar;
import io.github.camelvlm.grammar.GrammarTooLargeException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Makes nodes of a grammar, each expression from what follows it. Its size is linear in that of the grammar. */
final class NfaBuilder {
    /** Nodes and edges; a hundred bytes each, at most. */
    static final int MOST_NODES = 500_000;
    /** Texts of which each begins with the one before. */
    private static final int MOST_BEGINNINGS = 500;
    /** Sets from this size on are left together where they repeat, since many tokens lie wholly within them. */
    static final int WIDE = 24;
    /** Repetitions of up to so many bytes are written out. */
    private static final int WRITTEN_OUT = 32;

    private final boolean[] nullable;
    private final List<int[]> values = new ArrayList<>();
    private final List<CodePoints> runs = new ArrayList<>();
    private final BitSet counted = new BitSet();
    private byte[] kinds = new byte[64];
    private int[] loops = new int[64];
    private int size;
    /** What rules beyond those of the grammar say: bodies of repetitions within repetitions. */
    private final List<Expression> rules;

    private int loop = -1;
    private int depth;
    private int beginnings;
    private int charged;

    private NfaBuilder(Grammar grammar) {
        rules = new ArrayList<>(grammar.rules());
        nullable = new Nullability(grammar).rules();
    }

    /** @throws GrammarTooLargeException if there would be too many nodes */
    static Nfa build(Grammar grammar) {
        return new NfaBuilder(grammar).build();
    }

    private Nfa build() {
        List<Integer> starts = new ArrayList<>();
        for (int rule = 0; rule < rules.size(); rule++) {
            loop = -1;
            starts.add(build(rules.get(rule), node(Nfa.END)));
        }
        return new Nfa(
                Arrays.copyOf(kinds, size),
                values.toArray(int[][]::new),
                starts.stream().mapToInt(Integer::intValue).toArray(),
                Arrays.copyOf(loops, size),
                runs.toArray(CodePoints[]::new),
                counted);
    }

    private int node(byte kind, int... of) {
        if (size == kinds.length) {
            kinds = Arrays.copyOf(kinds, 2 * size);
            loops = Arrays.copyOf(loops, 2 * size);
        }
        charge(1 + of.length / 3);
        kinds[size] = kind;
        loops[size] = loop;
        values.add(of);
        runs.add(null);
        return size++;
    }

    private void charge(int more) {
        charged += more;
        if (charged > MOST_NODES) {
            throw new GrammarTooLargeException("is too large: it takes more than " + MOST_NODES + " states");
        }
    }

    private int build(Expression expression, int next) {
        Nullability.requireDepth(++depth);
        try {
            if (expression instanceof Expression.Literal literal) {
                return literal(literal.text().getBytes(StandardCharsets.UTF_8), 0, next);
            }
            if (expression instanceof Expression.Characters characters) {
                return characters(characters.set(), next);
            }
            if (expression instanceof Expression.Sequence sequence) {
                int at = next;
                for (int i = sequence.parts().size() - 1; i >= 0; i--) {
                    at = build(sequence.parts().get(i), at);
                }
                return at;
            }
            if (expression instanceof Expression.Alternatives alternatives) {
                return alternatives(alternatives, next, false);
            }
            if (expression instanceof Expression.Repetition repetition) {
                return repetition(repetition, next);
            }
            int rule = ((Expression.Reference) expression).rule();
            return node(Nfa.CALL, rule, next, nullable[rule] ? 1 : 0);
        } finally {
            depth--;
        }
    }

    private int literal(byte[] bytes, int from, int next) {
        int at = next;
        for (int i = bytes.length - 1; i >= from; i--) {
            at = node(Nfa.BYTES, bytes[i] & 0xFF, bytes[i] & 0xFF, at);
        }
        return at;
    }

    private int characters(CodePoints set, int next) {
        List<int[]> sequences = Utf8.sequences(set);
        charge(sequences.size());
        Map<List<Integer>, Integer> tails = new HashMap<>();
        int[] edges = new int[3 * sequences.size()];
        int length = 0;
        for (int[] sequence : sequences) {
            int target = tail(sequence, 2, next, tails);
            if (length > 0 && edges[length - 1] == target && edges[length - 2] + 1 == sequence[0]) {
                edges[length - 2] = sequence[1];
            } else {
                edges[length++] = sequence[0];
                edges[length++] = sequence[1];
                edges[length++] = target;
            }
        }
        return node(Nfa.BYTES, Arrays.copyOf(edges, length));
    }

    private int tail(int[] sequence, int from, int next, Map<List<Integer>, Integer> tails) {
        if (from == sequence.length) {
            return next;
        }
        List<Integer> key =
                Arrays.stream(sequence, from, sequence.length).boxed().toList();
        Integer known = tails.get(key);
        if (known == null) {
            int after = tail(sequence, from + 2, next, tails);
            known = node(Nfa.BYTES, sequence[from], sequence[from + 1], after);
            tails.put(key, known);
        }
        return known;
    }

    /** @param repeats whether what follows is the same again */
    private int alternatives(Expression.Alternatives alternatives, int next, boolean repeats) {
        List<Expression> others = new ArrayList<>();
        List<byte[]> literals = new ArrayList<>();
        CodePoints set = flatten(alternatives, others, literals, CodePoints.NONE);
        List<Integer> targets = new ArrayList<>();
        if (!set.isEmpty()) {
            targets.add(repeats ? run(set, next) : characters(set, next));
        }
        if (!literals.isEmpty()) {
            literals.sort(Arrays::compareUnsigned);
            targets.add(literals(literals, 0, literals.size(), 0, next));
        }
        for (Expression other : others) {
            targets.add(build(other, next));
        }
        return targets.size() == 1
                ? targets.get(0)
                : node(Nfa.SPLIT, targets.stream().mapToInt(Integer::intValue).toArray());
    }

    private CodePoints flatten(
            Expression.Alternatives alternatives, List<Expression> others, List<byte[]> literals, CodePoints set) {
        Nullability.requireDepth(++depth);
        CodePoints all = set;
        for (Expression option : alternatives.options()) {
            if (option instanceof Expression.Characters characters) {
                all = all.or(characters.set());
            } else if (option instanceof Expression.Literal literal) {
                literals.add(literal.text().getBytes(StandardCharsets.UTF_8));
            } else if (option instanceof Expression.Alternatives inner) {
                all = flatten(inner, others, literals, all);
            } else {
                others.add(option);
            }
        }
        depth--;
        return all;
    }

    /** Literals in order share what they begin with, so that a long list is not tried one by one. */
    private int literals(List<byte[]> sorted, int from, int to, int shared, int next) {
        if (to - from == 1) {
            return literal(sorted.get(from), shared, next);
        }
        byte[] first = sorted.get(from);
        byte[] last = sorted.get(to - 1);
        int branch = shared;
        while (branch < first.length && first[branch] == last[branch]) {
            branch++;
        }
        if (++beginnings > MOST_BEGINNINGS) {
            throw new GrammarTooLargeException(
                    "has more than " + MOST_BEGINNINGS + " texts of which each begins with the one before");
        }
        int start = from;
        while (start < to && sorted.get(start).length == branch) {
            start++;
        }
        List<Integer> edges = new ArrayList<>();
        for (int i = start; i < to; ) {
            byte value = sorted.get(i)[branch];
            int end = i;
            while (end < to && sorted.get(end)[branch] == value) {
                end++;
            }
            edges.addAll(List.of(value & 0xFF, value & 0xFF, literals(sorted, i, end, branch + 1, next)));
            i = end;
        }
        beginnings--;
        int at = next;
        if (!edges.isEmpty()) {
            at = node(Nfa.BYTES, edges.stream().mapToInt(Integer::intValue).toArray());
            if (start > from) {
                at = node(Nfa.SPLIT, at, next);
            }
        }
        return literal(Arrays.copyOf(first, branch), shared, at);
    }

    private int repetition(Expression.Repetition repetition, int next) {
        Expression part = repetition.part();
        int least = repetition.least();
        int most = repetition.most();
        boolean empties = Nullability.isNullable(part, nullable);
        if (most == 0) {
            return next;
        }
        if (most == 1) {
            int once = build(part, next);
            return least == 1 ? once : node(Nfa.SPLIT, once, next);
        }
        if (most == Expression.UNBOUNDED && least <= 1) {
            int again = node(Nfa.SPLIT);
            int body = body(part, again);
            values.set(again, new int[] {body, next});
            return least == 1 && !empties ? body : again;
        }
        if ((long) (most == Expression.UNBOUNDED ? least + 1 : most) * width(part) <= WRITTEN_OUT) {
            return writtenOut(part, least, most, next);
        }
        if (loop >= 0) {
            // A node has one count: that of the inner repetition is kept in a rule of its own.
            return call(repetition, next, Nullability.isNullable(repetition, nullable));
        }
        int node = node(Nfa.LOOP);
        loops[node] = node;
        loop = node;
        int again = node(Nfa.NEXT, node);
        // A rule that took no byte does not return: what may be empty is counted only where it is not.
        int body = empties ? call(part, again, false) : body(part, again);
        loop = -1;
        values.set(node, new int[] {empties ? 0 : least, most, body, next});
        return node;
    }

    private int call(Expression expression, int next, boolean skippable) {
        rules.add(expression);
        return node(Nfa.CALL, rules.size() - 1, next, skippable ? 1 : 0);
    }

    private int body(Expression part, int again) {
        if (part instanceof Expression.Characters characters) {
            return run(characters.set(), again);
        }
        return part instanceof Expression.Alternatives alternatives
                ? alternatives(alternatives, again, true)
                : build(part, again);
    }

    private int run(CodePoints set, int again) {
        int node = characters(set, again);
        if (isWide(set)) {
            runs.set(node, set);
            counted.set(node, kinds[again] == Nfa.NEXT);
        }
        return node;
    }

    private int writtenOut(Expression part, int least, int most, int next) {
        int at = next;
        if (most == Expression.UNBOUNDED) {
            at = repetition(new Expression.Repetition(part, 0, most), next);
        }
        for (int i = most == Expression.UNBOUNDED ? least : most; i > 0; i--) {
            int once = build(part, at);
            at = i > least ? node(Nfa.SPLIT, once, next) : once;
        }
        return at;
    }

    /** Bytes that writing it out once takes, or more than is written out. */
    private static int width(Expression part) {
        if (part instanceof Expression.Characters characters) {
            int[] ranges = characters.set().ranges();
            boolean ascii = ranges.length > 0 && ranges[ranges.length - 1] < 0x80;
            return ascii && !isWide(characters.set()) ? 1 : WRITTEN_OUT + 1;
        }
        return part instanceof Expression.Literal literal
                ? Math.max(1, 3 * literal.text().length())
                : WRITTEN_OUT + 1;
    }

    static boolean isWide(CodePoints set) {
        int[] ranges = set.ranges();
        int characters = 0;
        for (int i = 0; i < ranges.length; i += 2) {
            characters += ranges[i + 1] - ranges[i] + 1;
        }
        return characters >= WIDE;
    }
}
