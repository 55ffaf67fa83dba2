package io.github.camelvlm.constraint;

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
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RecognizerTest {
    private static final Expression LETTER = new Characters(CodePoints.range('a', 'z'));
    private static final Expression ANY = new Characters(CodePoints.ALL);

    @Test
    void oneOfSeveralTextsIsToldFromOthers() {
        Recognizer recognizer = of(anyOf(literal("yes"), literal("yesterday"), literal("no"), literal("")));
        assertThat(List.of("yes", "yesterday", "no", "")).allMatch(recognizer::matches);
        assertThat(List.of("ye", "yesterda", "noo", "n")).noneMatch(recognizer::matches);
    }

    @Test
    void charactersOfAnyLengthAreOne() {
        Recognizer recognizer = of(new Repetition(ANY, 2, 2));
        assertThat(List.of("ab", "é家", "🚀\u0000", "\uFFFF\uD7FF")).allMatch(recognizer::matches);
        assertThat(List.of("a", "🚀", "🚀🚀🚀")).noneMatch(recognizer::matches);
    }

    @Test
    void aRangeOfCharactersEndsWhereItEnds() {
        for (int[] range :
                new int[][] {{0x7F, 0x80}, {0x7FE, 0x801}, {0xFFF0, 0x10010}, {0xD7F0, 0xE005}, {0x51, 0x10FFFF}}) {
            Recognizer recognizer = of(new Characters(CodePoints.range(range[0], range[1])));
            for (int character :
                    new int[] {range[0] - 1, range[0], range[1], range[1] + 1, (range[0] + range[1]) / 2}) {
                if (CodePoints.ALL.contains(character)) {
                    assertThat(recognizer.matches(Character.toString(character)))
                            .as("%X of %X to %X", character, range[0], range[1])
                            .isEqualTo(character >= range[0] && character <= range[1]);
                }
            }
        }
    }

    @Test
    void repetitionsAreCounted() {
        Recognizer recognizer = of(new Repetition(LETTER, 40, 1_000_000_000));
        assertThat(recognizer.matches("a".repeat(39))).isFalse();
        assertThat(recognizer.matches("a".repeat(40))).isTrue();
        Recognizer bounded = of(new Repetition(LETTER, 0, 100));
        assertThat(bounded.matches("a".repeat(100))).isTrue();
        assertThat(bounded.matches("a".repeat(101))).isFalse();
    }

    @Test
    void repetitionsWithinRepetitionsAreCountedEach() {
        Expression word = new Repetition(LETTER, 2, 50);
        Recognizer recognizer = of(new Repetition(sequence(word, literal(";")), 3, 60));
        assertThat(recognizer.matches("ab;cd;ef;")).isTrue();
        assertThat(recognizer.matches("ab;cd;")).isFalse();
        assertThat(recognizer.matches("ab;c;ef;")).isFalse();
        assertThat(recognizer.matches("ab;".repeat(60))).isTrue();
        assertThat(recognizer.matches("ab;".repeat(61))).isFalse();
    }

    @Test
    void countsThatOverlapAreAllFollowed() {
        // Where the first part ends is told by the last character only.
        Recognizer recognizer = of(sequence(
                new Repetition(LETTER, 0, Expression.UNBOUNDED), new Repetition(LETTER, 33, 40), literal("a")));
        assertThat(recognizer.matches("b".repeat(33) + "a")).isTrue();
        assertThat(recognizer.matches("b".repeat(32) + "a")).isFalse();
        assertThat(recognizer.matches("b".repeat(300) + "a")).isTrue();
        assertThat(recognizer.matches("b".repeat(300))).isFalse();
    }

    @Test
    void whatMayBeEmptyMayBeRepeated() {
        Expression spaces = new Repetition(literal(" "), 0, Expression.UNBOUNDED);
        assertThat(of(new Repetition(spaces, 2, Expression.UNBOUNDED)).matches(""))
                .isTrue();
        Recognizer recognizer = of(sequence(new Repetition(optional(LETTER), 50, 60), literal(".")));
        assertThat(recognizer.matches(".")).isTrue();
        assertThat(recognizer.matches("a".repeat(60) + ".")).isTrue();
        assertThat(recognizer.matches("a".repeat(61) + ".")).isFalse();
    }

    @Test
    void rulesMayReferToThemselves() {
        Expression list = sequence(
                literal("["),
                optional(sequence(reference(0), new Repetition(sequence(literal(","), reference(0)), 0, 99))),
                literal("]"));
        Recognizer recognizer = new Recognizer(new Grammar(List.of(list)));
        assertThat(List.of("[]", "[[],[]]", "[[[[]]],[[],[]]]")).allMatch(recognizer::matches);
        assertThat(List.of("", "[", "[[]", "[]]", "[,]", "[[][]]")).noneMatch(recognizer::matches);
        assertThat(recognizer.matches("[".repeat(300) + "]".repeat(300))).isTrue();
        assertThat(recognizer.matches("[".repeat(300) + "]".repeat(299))).isFalse();
    }

    @Test
    void optionsThatOnlyTheirEndTellsApartDoNotMultiply() {
        Expression tree = anyOf(
                sequence(literal("("), reference(0), literal(")")),
                sequence(literal("("), reference(0), literal("]")),
                literal("x"));
        Recognizer recognizer = new Recognizer(new Grammar(List.of(tree)));
        assertThat(recognizer.matches("(".repeat(200) + "x" + ")]".repeat(100))).isTrue();
        assertThat(recognizer.matches("(".repeat(200) + "x" + ")]".repeat(99) + ")"))
                .isFalse();
    }

    @Test
    void rulesThatEndInOthersAreFollowedForEver() {
        // A list of letters written as two states of an automaton.
        Grammar states = new Grammar(List.of(
                anyOf(sequence(LETTER, reference(1)), literal(".")),
                anyOf(sequence(literal(","), reference(0)), reference(0))));
        Recognizer recognizer = new Recognizer(states);
        assertThat(recognizer.matches("a,".repeat(5000) + "b.")).isTrue();
        assertThat(recognizer.matches("a,,b.")).isFalse();
    }

    @Test
    void aFormThatNoTextHasIsRefused() {
        assertThatThrownBy(() -> of(Expression.NOTHING)).isInstanceOf(EmptyGrammarException.class);
        assertThatThrownBy(() -> of(sequence(literal("a"), Expression.NOTHING)))
                .isInstanceOf(EmptyGrammarException.class);
        assertThatThrownBy(() -> of(new Characters(CodePoints.NONE))).isInstanceOf(EmptyGrammarException.class);
        assertThatThrownBy(() -> new Recognizer(new Grammar(List.of(sequence(literal("a"), reference(0))))))
                .isInstanceOf(EmptyGrammarException.class);
        assertThatThrownBy(() -> new Recognizer(new Grammar(List.of(reference(0)))))
                .isInstanceOf(EmptyGrammarException.class);
    }

    @Test
    void waysIntoNothingAreNotTaken() {
        Recognizer recognizer = of(anyOf(literal("a"), sequence(literal("b"), Expression.NOTHING)));
        assertThat(recognizer.matches("a")).isTrue();
        assertThat(recognizer.matches("b")).isFalse();
    }

    @Test
    void manyTextsShareWhatTheyBeginWith() {
        Recognizer recognizer = of(new Expression.Alternatives(
                IntStream.range(0, 50_000).mapToObj(i -> literal("text " + i)).toList()));
        assertThat(recognizer.matches("text 49999")).isTrue();
        assertThat(recognizer.matches("text 50000")).isFalse();
    }

    static Recognizer of(Expression expression) {
        return new Recognizer(Grammar.of(expression));
    }

    private static Expression reference(int rule) {
        return new Reference(rule);
    }
}
