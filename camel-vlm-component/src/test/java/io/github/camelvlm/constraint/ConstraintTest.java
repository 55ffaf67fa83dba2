package io.github.camelvlm.constraint;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelvlm.grammar.Grammar;
import io.github.camelvlm.grammar.GrammarTooLargeException;
import java.util.BitSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Grammars and tokens drawn by chance, with fixed seeds. */
class ConstraintTest {
    private static final int END = 256;

    private static Grammar grammar(RandomGrammars grammars) {
        while (true) {
            Grammar grammar = grammars.grammar();
            try {
                new Recognizer(grammar);
                return grammar;
            } catch (EmptyGrammarException | GrammarTooLargeException refused) {
                // Another one, then.
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void textsAreReadAsByTryingEverything(long seed) {
        RandomGrammars grammars = new RandomGrammars(seed);
        int matching = 0;
        for (int i = 0; i < 300; i++) {
            Grammar grammar = grammar(grammars);
            Recognizer recognizer = new Recognizer(grammar);
            for (int j = 0; j < 20; j++) {
                String text = j % 5 == 0 ? grammars.text(6) : grammars.text(grammar);
                boolean expected = NaiveMatcher.matches(grammar, text);
                matching += expected ? 1 : 0;
                assertThat(recognizer.matches(text))
                        .as("%s in %s", text, grammar)
                        .isEqualTo(expected);
            }
        }
        assertThat(matching).isBetween(1000, 5000);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void aMaskHasTheTokensThatMayFollowAndNoOthers(long seed) {
        RandomGrammars grammars = new RandomGrammars(seed);
        Random random = new Random(seed);
        TokenTrie tokens = grammars.tokens(600);
        ConstraintCompiler compiler = new ConstraintCompiler(tokens, Set.of(END));
        for (int i = 0; i < 150; i++) {
            Grammar grammar = grammar(grammars);
            Constraint constraint = compiler.compile(grammar).begin();
            Automaton automaton = Automaton.ofBytes(grammar);
            State state = automaton.begin();
            for (int step = 0; step < 12 && !constraint.isComplete(); step++) {
                BitSet allowed = BitSet.valueOf(constraint.mask(1_000_000));
                assertThat(allowed).as("after %s tokens of %s", step, grammar).isEqualTo(all(automaton, state, tokens));
                int token = choose(allowed, random);
                if (token == END) {
                    break;
                }
                constraint.accept(token);
                for (byte value : tokens.bytes(token)) {
                    state = automaton.next(state, value);
                }
                assertThat(constraint.isComplete()).isEqualTo(state.isComplete());
            }
        }
    }

    private static BitSet all(Automaton automaton, State state, TokenTrie tokens) {
        BitSet all = new BitSet();
        all.set(END, state.mayEnd);
        for (int token = 0; token < tokens.vocabulary(); token++) {
            State next = tokens.bytes(token).length == 0 ? State.DEAD : state;
            for (byte value : tokens.bytes(token)) {
                next = automaton.next(next, value);
            }
            if (next != State.DEAD) {
                all.set(token);
            }
        }
        return all;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void everyAnswerThatCanEndInTimeDoes(long seed) {
        RandomGrammars grammars = new RandomGrammars(seed);
        Random random = new Random(seed);
        TokenTrie tokens = grammars.tokens(300);
        ConstraintCompiler compiler = new ConstraintCompiler(tokens, Set.of(END));
        for (int i = 0; i < 300; i++) {
            Grammar grammar = grammar(grammars);
            CompiledGrammar compiled = compiler.compile(grammar);
            int limit = compiled.shortest() + (random.nextBoolean() ? 0 : random.nextInt(20));
            if (limit > 200) {
                continue;
            }
            Constraint constraint = compiled.begin();
            java.io.ByteArrayOutputStream text = new java.io.ByteArrayOutputStream();
            boolean ended = constraint.isComplete();
            for (int remaining = limit; remaining > 0 && !ended; remaining--) {
                BitSet allowed = BitSet.valueOf(constraint.mask(remaining));
                assertThat(allowed.isEmpty()).isFalse();
                int token = choose(allowed, random);
                constraint.accept(token);
                text.writeBytes(tokens.bytes(token));
                ended = token == END || constraint.isComplete();
            }
            assertThat(ended).as("%s within %s by %s", text, limit, grammar).isTrue();
            assertThat(new Recognizer(grammar).matches(text.toString(java.nio.charset.StandardCharsets.UTF_8)))
                    .isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void forcedTokensAreThoseThatAloneMayFollow(long seed) {
        RandomGrammars grammars = new RandomGrammars(seed);
        Random random = new Random(seed);
        TokenTrie tokens = grammars.tokens(300);
        ConstraintCompiler compiler = new ConstraintCompiler(tokens, Set.of(END));
        int forced = 0;
        for (int i = 0; i < 300; i++) {
            Constraint constraint = compiler.compile(grammar(grammars)).begin();
            for (int step = 0; step < 5 && !constraint.isComplete(); step++) {
                Constraint copy = constraint.copy();
                for (int token : constraint.forced(8)) {
                    BitSet allowed = BitSet.valueOf(copy.mask(1_000_000));
                    assertThat(allowed.get(token)).isTrue();
                    int first = tokens.bytes(token)[0];
                    assertThat(allowed.stream().allMatch(other -> tokens.bytes(other)[0] == first))
                            .isTrue();
                    copy.accept(token);
                    forced++;
                }
                int token = choose(BitSet.valueOf(constraint.mask(1_000_000)), random);
                constraint.accept(token);
            }
        }
        assertThat(forced).isGreaterThan(20);
    }

    /** One byte as often as not: long tokens would soon end most texts. */
    private static int choose(BitSet allowed, Random random) {
        int[] all = allowed.stream().toArray();
        int[] tokens = allowed.stream()
                .filter(token -> random.nextBoolean() || token < 128)
                .toArray();
        return tokens.length == 0 ? all[random.nextInt(all.length)] : tokens[random.nextInt(tokens.length)];
    }
}
