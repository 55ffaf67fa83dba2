package io.github.camelvlm.constraint;

import static io.github.camelvlm.grammar.Expression.UNBOUNDED;
import static io.github.camelvlm.grammar.Expression.anyOf;
import static io.github.camelvlm.grammar.Expression.literal;
import static io.github.camelvlm.grammar.Expression.optional;
import static io.github.camelvlm.grammar.Expression.sequence;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.camelvlm.grammar.CodePoints;
import io.github.camelvlm.grammar.Expression;
import io.github.camelvlm.grammar.Expression.Characters;
import io.github.camelvlm.grammar.Expression.Reference;
import io.github.camelvlm.grammar.Expression.Repetition;
import io.github.camelvlm.grammar.Grammar;
import io.github.camelvlm.grammar.GrammarTooLargeException;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What would take for ever, or all memory, does neither. */
@Timeout(60)
class HostileGrammarsTest {
    private static final int END = 256;
    private static final Expression ANY = new Characters(CodePoints.ALL);
    private static final Expression LETTER = new Characters(CodePoints.range('a', 'z'));
    private static final TokenTrie TOKENS = new RandomGrammars(1).tokens(20_000);

    static Stream<Arguments> served() {
        return Stream.of(
                Arguments.of(
                        "a choice that shows 500 characters later",
                        sequence(new Repetition(ANY, 0, UNBOUNDED), literal("a"), new Repetition(ANY, 500, 500))),
                Arguments.of("repetitions within repetitions", nested()),
                Arguments.of("10^9 characters", new Repetition(ANY, 1_000_000_000, 1_000_000_000)),
                Arguments.of(
                        "10^9 times what may be empty", new Repetition(optional(ANY), 1_000_000_000, 1_000_000_000)),
                Arguments.of(
                        "10^9 times 10^9 characters",
                        new Repetition(new Repetition(ANY, 2, 1_000_000_000), 2, 1_000_000_000)),
                Arguments.of(
                        "thousands of options that begin alike",
                        new Expression.Alternatives(IntStream.range(0, 5000)
                                .<Expression>mapToObj(i -> sequence(new Repetition(ANY, 0, 20), literal("" + i)))
                                .toList())),
                Arguments.of(
                        "thousands of parts that may be left out",
                        new Expression.Sequence(IntStream.range(0, 5000)
                                .mapToObj(i -> optional(literal("part " + i)))
                                .toList())),
                Arguments.of(
                        "hundreds of classes",
                        new Expression.Sequence(IntStream.range(0, 300)
                                .<Expression>mapToObj(
                                        i -> new Repetition(new Characters(CodePoints.range(' ', 200 + i)), 1, 50))
                                .toList())));
    }

    private static Expression nested() {
        Expression expression = new Repetition(ANY, 1, 50);
        for (int i = 0; i < 30; i++) {
            expression = new Repetition(sequence(expression, optional(literal(","))), 1, 50);
        }
        return expression;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("served")
    void isServedInBoundedTimeAndMemory(String name, Expression expression) {
        CompiledGrammar grammar = new ConstraintCompiler(TOKENS, Set.of(END)).compile(Grammar.of(expression));
        Constraint constraint = grammar.begin();
        Random random = new Random(1);
        for (int remaining = 40; remaining > 0 && !constraint.isComplete(); remaining--) {
            int[] allowed = BitSet.valueOf(constraint.mask(remaining)).stream().toArray();
            assertThat(allowed).isNotEmpty();
            int token = allowed[random.nextInt(allowed.length)];
            constraint.accept(token);
            if (token == END) {
                break;
            }
        }
        assertThat(grammar.automaton().remembered()).isLessThan(2 * Automaton.MOST_BYTES);
    }

    static Stream<Arguments> refused() {
        return Stream.of(
                refused("expressions 10,000 deep", () -> {
                    Expression deep = LETTER;
                    for (int i = 0; i < 10_000; i++) {
                        deep = sequence(deep, literal("a"));
                    }
                    return Grammar.of(deep);
                }),
                refused("a text of a million characters", () -> Grammar.of(literal("a".repeat(1_000_000)))),
                refused(
                        "a million parts",
                        () -> Grammar.of(new Expression.Sequence(Collections.nCopies(1_000_000, LETTER)))),
                refused(
                        "texts that each begin with the one before",
                        () -> Grammar.of(new Expression.Alternatives(IntStream.range(1, 1000)
                                .mapToObj(i -> literal("a".repeat(i)))
                                .toList()))),
                refused(
                        "rules that may all be empty",
                        () -> rules(
                                40_000,
                                i -> i == 39_999
                                        ? optional(LETTER)
                                        : sequence(new Reference(i + 1), new Reference(i + 1)))),
                refused(
                        "a rule that begins with itself",
                        () -> new Grammar(List.of(anyOf(sequence(new Reference(0), literal("a")), literal("b"))))),
                refused(
                        "rules that begin with each other",
                        () -> new Grammar(List.of(
                                anyOf(sequence(optional(literal("x")), new Reference(1), literal("a")), literal("b")),
                                new Reference(0)))));
    }

    private static Arguments refused(String name, Supplier<Grammar> grammar) {
        return Arguments.of(name, grammar);
    }

    private static Grammar rules(int count, IntFunction<Expression> rule) {
        return new Grammar(IntStream.range(0, count).mapToObj(rule).toList());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("refused")
    void isRefusedAtOnce(String name, Supplier<Grammar> grammar) {
        assertThatThrownBy(() -> new Recognizer(grammar.get())).isInstanceOf(GrammarTooLargeException.class);
    }

    @Test
    void rulesThatNeedEachOtherTooDeeplyAreMetByNoText() {
        assertThatThrownBy(() -> new Recognizer(rules(
                        5000, i -> i == 4999 ? LETTER : sequence(literal("("), new Reference(i + 1), literal(")")))))
                .isInstanceOf(EmptyGrammarException.class);
    }

    @Test
    void textsNestNoDeeperThanReadersBear() {
        Recognizer recognizer = new Recognizer(
                new Grammar(List.of(anyOf(sequence(literal("["), new Reference(0), literal("]")), literal("x")))));
        int deep = Automaton.DEEPEST;
        assertThat(recognizer.matches("[".repeat(deep) + "x" + "]".repeat(deep)))
                .isTrue();
        assertThat(recognizer.matches("[".repeat(deep + 1) + "x" + "]".repeat(deep + 1)))
                .isFalse();
    }

    @Test
    void whatIsForgottenIsFoundAgain() {
        Automaton automaton = Automaton.ofBytes(
                Grammar.of(sequence(new Repetition(ANY, 0, UNBOUNDED), literal("a"), new Repetition(ANY, 200, 200))));
        State state = automaton.begin();
        Random random = new Random(2);
        byte[] last = new byte[60_000];
        long most = 0;
        for (int i = 0; i < last.length; i++) {
            last[i] = (byte) (random.nextInt(3) == 0 ? 'a' : 'b');
            state = automaton.next(state, last[i]);
            assertThat(state.mayEnd).isEqualTo(i >= 200 && last[i - 200] == 'a');
            assertThat(automaton.remembered()).isLessThan(2 * Automaton.MOST_BYTES);
            most = Math.max(most, automaton.remembered());
        }
        assertThat(most).as("so much that it had to forget").isGreaterThan(Automaton.MOST_BYTES * 9 / 10);
    }
}
