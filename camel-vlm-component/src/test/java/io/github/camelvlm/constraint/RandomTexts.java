package io.github.camelvlm.constraint;

import io.github.camelvlm.grammar.CodePoints;
import io.github.camelvlm.grammar.Expression;
import io.github.camelvlm.grammar.Grammar;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Makes texts of a grammar at random. */
final class RandomTexts {
    private static final int NEVER = 1_000_000;

    private final Grammar grammar;
    private final Random random;
    private final int[] depths;

    RandomTexts(Grammar grammar, long seed) {
        this.grammar = grammar;
        random = new Random(seed);
        depths = new int[grammar.rules().size()];
        Arrays.fill(depths, NEVER);
        boolean changed = true;
        while (changed) {
            changed = false;
            for (int rule = depths.length - 1; rule >= 0; rule--) {
                int depth = depth(grammar.rules().get(rule));
                if (depth < depths[rule]) {
                    depths[rule] = depth;
                    changed = true;
                }
            }
        }
    }

    /** The next text, which begins to end when it is as long as told. */
    String next(int length) {
        StringBuilder text = new StringBuilder();
        write(new Expression.Reference(0), text, length);
        return text.toString();
    }

    /** How deep rules call each other at least until there is a text. */
    private int depth(Expression expression) {
        if (expression instanceof Expression.Characters characters) {
            return characters.set().isEmpty() ? NEVER : 0;
        }
        if (expression instanceof Expression.Sequence sequence) {
            return sequence.parts().stream().mapToInt(this::depth).max().orElse(0);
        }
        if (expression instanceof Expression.Alternatives alternatives) {
            return alternatives.options().stream().mapToInt(this::depth).min().orElse(NEVER);
        }
        if (expression instanceof Expression.Repetition repetition) {
            return repetition.least() == 0 ? 0 : depth(repetition.part());
        }
        return expression instanceof Expression.Reference reference ? Math.min(NEVER, depths[reference.rule()] + 1) : 0;
    }

    private void write(Expression expression, StringBuilder text, int length) {
        boolean closes = text.length() >= length;
        if (expression instanceof Expression.Literal literal) {
            text.append(literal.text());
        } else if (expression instanceof Expression.Characters characters) {
            text.appendCodePoint(character(characters.set()));
        } else if (expression instanceof Expression.Sequence sequence) {
            sequence.parts().forEach(part -> write(part, text, length));
        } else if (expression instanceof Expression.Alternatives alternatives) {
            int least =
                    alternatives.options().stream().mapToInt(this::depth).min().orElseThrow();
            List<Expression> options = new ArrayList<>(alternatives.options());
            options.removeIf(option -> depth(option) >= NEVER || closes && depth(option) > least);
            write(options.get(random.nextInt(options.size())), text, length);
        } else if (expression instanceof Expression.Repetition repetition) {
            int times = repetition.least();
            if (!closes && depth(repetition.part()) < NEVER) {
                times += random.nextInt(Math.min(4, repetition.most() - times) + 1);
            }
            for (int i = 0; i < times; i++) {
                write(repetition.part(), text, length);
            }
        } else if (expression instanceof Expression.Reference reference) {
            write(grammar.rules().get(reference.rule()), text, length);
        }
    }

    /** Mostly one of those that people write. */
    private int character(CodePoints set) {
        int[] ranges = set.ranges();
        int range = 2 * random.nextInt(random.nextInt(4) == 0 ? ranges.length / 2 : Math.min(ranges.length / 2, 3));
        return ranges[range] + random.nextInt(ranges[range + 1] - ranges[range] + 1);
    }
}
