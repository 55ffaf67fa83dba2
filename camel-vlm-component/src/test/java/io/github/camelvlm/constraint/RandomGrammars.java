package io.github.camelvlm.constraint;

import io.github.camelvlm.grammar.CodePoints;
import io.github.camelvlm.grammar.Expression;
import io.github.camelvlm.grammar.Grammar;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Grammars of few characters, so that their parts are likely to overlap, and texts that are near them. */
final class RandomGrammars {
    static final String[] CHARACTERS = {"a", "b", "c", "\"", "é", "家", "🚀"};
    private static final CodePoints[] SETS = {
        CodePoints.of("a"),
        CodePoints.of("ab"),
        CodePoints.of("bcé"),
        CodePoints.range('a', 'z'),
        CodePoints.of("\"").not(),
        CodePoints.of("c\"").not(),
        CodePoints.range(0x80, 0x10FFFF)
    };

    private final Random random;

    RandomGrammars(long seed) {
        random = new Random(seed);
    }

    Grammar grammar() {
        int rules = 1 + random.nextInt(3);
        return new Grammar(
                Stream.generate(() -> expression(4, rules)).limit(rules).toList());
    }

    private Expression expression(int depth, int rules) {
        return switch (random.nextInt(depth == 0 ? 3 : 9)) {
            case 0 -> Expression.literal(text(3));
            case 1, 2 -> new Expression.Characters(SETS[random.nextInt(SETS.length)]);
            case 3, 4 -> new Expression.Sequence(expressions(depth, rules));
            case 5 -> new Expression.Alternatives(expressions(depth, rules));
            case 6 ->
                random.nextBoolean()
                        ? Expression.sequence(Expression.literal("\""), new Expression.Reference(random.nextInt(rules)))
                        : new Expression.Reference(random.nextInt(rules));
            default -> repetition(depth, rules);
        };
    }

    private List<Expression> expressions(int depth, int rules) {
        return Stream.generate(() -> expression(depth - 1, rules))
                .limit(1 + random.nextInt(3))
                .toList();
    }

    private Expression repetition(int depth, int rules) {
        int[] bounds = {0, 0, 0, 1, 2, 3};
        int least = bounds[random.nextInt(bounds.length)];
        int most = random.nextInt(3) == 0 ? Expression.UNBOUNDED : least + random.nextInt(5);
        return new Expression.Repetition(expression(depth - 1, rules), least, most);
    }

    /** One that a grammar has, as often as not, or is near one. */
    String text(Grammar grammar) {
        StringBuilder text = new StringBuilder();
        write(grammar, grammar.rules().get(0), text, 40);
        int[] characters = text.codePoints().limit(14).toArray();
        if (characters.length > 0 && random.nextInt(3) == 0) {
            characters[random.nextInt(characters.length)] = text(1).isEmpty() ? 'a' : 'b';
        }
        return new String(characters, 0, characters.length);
    }

    private int write(Grammar grammar, Expression expression, StringBuilder text, int fuel) {
        int left = fuel - 1;
        if (left <= 0) {
            return 0;
        }
        if (expression instanceof Expression.Literal literal) {
            text.append(literal.text());
        } else if (expression instanceof Expression.Characters characters) {
            List<String> some = Stream.of(CHARACTERS)
                    .filter(character -> characters.set().contains(character.codePointAt(0)))
                    .toList();
            text.append(some.isEmpty() ? "x" : some.get(random.nextInt(some.size())));
        } else if (expression instanceof Expression.Sequence sequence) {
            for (Expression part : sequence.parts()) {
                left = write(grammar, part, text, left);
            }
        } else if (expression instanceof Expression.Alternatives alternatives
                && !alternatives.options().isEmpty()) {
            left = write(
                    grammar,
                    alternatives
                            .options()
                            .get(random.nextInt(alternatives.options().size())),
                    text,
                    left);
        } else if (expression instanceof Expression.Repetition repetition) {
            int times = repetition.least() + random.nextInt(Math.min(5, repetition.most() - repetition.least()) + 1);
            for (int i = 0; i < times; i++) {
                left = write(grammar, repetition.part(), text, left);
            }
        } else if (expression instanceof Expression.Reference reference) {
            left = write(grammar, grammar.rules().get(reference.rule()), text, left);
        }
        return left;
    }

    /** Up to so many characters. */
    String text(int most) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(most + 1); i > 0; i--) {
            text.append(CHARACTERS[random.nextInt(CHARACTERS.length)]);
        }
        return text.toString();
    }

    /** All bytes, and some tokens of several, which may begin or end within a character. */
    TokenTrie tokens(int several) {
        List<byte[]> tokens = new ArrayList<>();
        IntStream.range(0, 256).forEach(value -> tokens.add(new byte[] {(byte) value}));
        tokens.add(new byte[0]);
        while (tokens.size() < 257 + several) {
            byte[] bytes = (text(5) + "a").getBytes(java.nio.charset.StandardCharsets.UTF_8);
            int from = random.nextInt(bytes.length);
            tokens.add(java.util.Arrays.copyOfRange(bytes, from, from + 1 + random.nextInt(bytes.length - from)));
        }
        return TokenTrie.of(tokens.size(), tokens::get);
    }
}
