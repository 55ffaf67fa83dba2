package io.github.camelvlm.constraint;

import static io.github.camelvlm.grammar.Expression.anyOf;
import static io.github.camelvlm.grammar.Expression.literal;
import static io.github.camelvlm.grammar.Expression.sequence;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelvlm.goldens.GoldenCase;
import io.github.camelvlm.grammar.CodePoints;
import io.github.camelvlm.grammar.Expression;
import io.github.camelvlm.grammar.Expression.Characters;
import io.github.camelvlm.grammar.Expression.Repetition;
import io.github.camelvlm.grammar.Grammar;
import io.github.camelvlm.model.Tokenizer;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** By the vocabulary of the published models. */
class PublishedVocabularyTest {
    private static final int VOCABULARY = 151_936;
    private static final Expression STRING = sequence(
            literal("\""),
            new Repetition(
                    anyOf(
                            new Characters(CodePoints.range(0, 0x1F)
                                    .or(CodePoints.of("\"\\"))
                                    .not()),
                            literal("\\\""),
                            literal("\\\\"),
                            literal("\\n")),
                    0,
                    125),
            literal("\""));

    private static Tokenizer tokenizer;
    private static TokenTrie tokens;
    private static ConstraintCompiler compiler;

    @BeforeAll
    static void load() {
        tokenizer = Tokenizer.load(GoldenCase.QWEN2_TOKENIZER);
        tokens = TokenTrie.of(VOCABULARY, id -> tokenizer.isSpecial(id) ? new byte[0] : tokenizer.bytesOf(id));
        compiler = new ConstraintCompiler(
                tokens, Set.of(tokenizer.idOf("<|im_end|>").orElseThrow()), tokenizer::encodeText);
    }

    @AfterAll
    static void close() {
        tokenizer.close();
    }

    private static Expression person() {
        return sequence(
                literal("{\"full name\":"),
                STRING,
                literal(",\"tags\":["),
                STRING,
                new Repetition(sequence(literal(","), STRING), 0, 1000),
                literal("]}"));
    }

    @Test
    void atEveryPlaceTheTokensAreThoseThatReadingThemOneByOneFinds() {
        Grammar grammar = Grammar.of(person());
        Constraint constraint = compiler.compile(grammar).begin();
        Automaton automaton = Automaton.ofBytes(grammar);
        State state = automaton.begin();
        String text = "{\"full name\":\"Ren\u00e9 \\\"M\\n\u4e00\",\"tags\":[\""
                + "several words of a long text ".repeat(4) + "123456789\",\"\"]}";
        for (int token : tokenizer.encodeText(text)) {
            assertThat(BitSet.valueOf(constraint.mask(1_000_000))).isEqualTo(oneByOne(automaton, state));
            constraint.accept(token);
            for (byte value : tokens.bytes(token)) {
                state = automaton.next(state, value);
            }
        }
        assertThat(constraint.isComplete()).isTrue();
    }

    private static BitSet oneByOne(Automaton automaton, State state) {
        BitSet found = new BitSet();
        for (int token = 0; token < VOCABULARY; token++) {
            State next = tokens.bytes(token).length == 0 ? State.DEAD : state;
            for (byte value : tokens.bytes(token)) {
                next = automaton.next(next, value);
            }
            found.set(token, next != State.DEAD);
        }
        return found;
    }

    @Test
    void forcedTextIsWrittenAsTheTokenizerWritesIt() {
        Constraint constraint = compiler.compile(Grammar.of(person())).begin();
        assertThat(constraint.forced(99)).isEqualTo(tokenizer.encodeText("{\"full name\":\""));
    }

    @Test
    void specialTokensAreNoText() {
        Constraint constraint = compiler.compile(
                        Grammar.of(new Repetition(new Characters(CodePoints.ALL), 0, Expression.UNBOUNDED)))
                .begin();
        BitSet allowed = BitSet.valueOf(constraint.mask(99));
        assertThat(List.of("<|im_start|>", "<|image_pad|>", "<|endoftext|>"))
                .noneMatch(token -> allowed.get(tokenizer.idOf(token).orElseThrow()));
        assertThat(allowed.get(tokenizer.idOf("<|im_end|>").orElseThrow())).isTrue();
        assertThat(allowed.cardinality()).isGreaterThan(150_000);
    }

    @Test
    void everyAnswerEndsInTimeHoweverItGoes() {
        CompiledGrammar grammar = compiler.compile(Grammar.of(person()));
        for (int limit : new int[] {grammar.shortest(), 20, 60, 150}) {
            Random random = new Random(limit);
            Constraint constraint = grammar.begin();
            int remaining = limit;
            for (; remaining > 0 && !constraint.isComplete(); remaining--) {
                int[] allowed =
                        BitSet.valueOf(constraint.mask(remaining)).stream().toArray();
                constraint.accept(allowed[random.nextInt(allowed.length)]);
            }
            assertThat(constraint.isComplete()).as("within %s tokens", limit).isTrue();
        }
    }
}
