package io.github.camelvlm.constraint;

import static io.github.camelvlm.grammar.Expression.UNBOUNDED;
import static io.github.camelvlm.grammar.Expression.anyOf;
import static io.github.camelvlm.grammar.Expression.literal;
import static io.github.camelvlm.grammar.Expression.sequence;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.camelvlm.grammar.CodePoints;
import io.github.camelvlm.grammar.Expression;
import io.github.camelvlm.grammar.Expression.Characters;
import io.github.camelvlm.grammar.Expression.Repetition;
import io.github.camelvlm.grammar.Grammar;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ConstraintUseTest {
    private static final Expression LETTER = new Characters(CodePoints.range('a', 'z'));

    private final List<String> words = new ArrayList<>();

    /** A vocabulary of these tokens, and last one that ends an answer. */
    private CompiledGrammar compile(Expression expression, String... tokens) {
        words.addAll(List.of(tokens));
        words.add("");
        TokenTrie trie = TokenTrie.of(words.size(), id -> words.get(id).getBytes(StandardCharsets.UTF_8));
        return new ConstraintCompiler(trie, Set.of(words.size() - 1)).compile(Grammar.of(expression));
    }

    private Set<String> allowed(Constraint constraint, int remaining) {
        return BitSet.valueOf(constraint.mask(remaining)).stream()
                .mapToObj(words::get)
                .collect(Collectors.toSet());
    }

    private static String[] lettersAnd(String... more) {
        return Stream.concat(IntStream.rangeClosed('a', 'z').mapToObj(Character::toString), Stream.of(more))
                .toArray(String[]::new);
    }

    @Test
    void anAnswerMayEndWhereTheTextMay() {
        Constraint constraint = compile(
                        anyOf(literal("no"), literal("nothing")), "n", "o", "no", "not", "thing", "hing")
                .begin();
        assertThat(allowed(constraint, 99)).containsExactlyInAnyOrder("n", "no", "not");
        constraint.accept(words.indexOf("no"));
        assertThat(allowed(constraint, 99)).containsExactlyInAnyOrder("thing", "");
        assertThat(constraint.isComplete()).isFalse();
        Constraint other = constraint.copy();
        constraint.accept(words.indexOf("thing"));
        assertThat(constraint.isComplete()).isTrue();
        assertThat(allowed(constraint, 99)).containsExactly("");
        other.accept(words.size() - 1);
        assertThat(other.isComplete()).isTrue();
        assertThat(allowed(other, 99)).containsExactly("");
        assertThat(other.forced(9)).isEmpty();
    }

    @Test
    void aTokenThatMayNotFollowIsRefused() {
        Constraint constraint = compile(literal("no"), "n", "o", "x").begin();
        for (int token : new int[] {words.indexOf("x"), words.size() - 1, -1, 1000}) {
            assertThatThrownBy(() -> constraint.accept(token))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("token " + token);
        }
        assertThat(allowed(constraint, 99)).containsExactly("n");
    }

    @Test
    void tokensOfTheSameBytesAreAllowedTogether() {
        Constraint constraint = compile(literal("a"), "a", "b", "a", "a").begin();
        assertThat(BitSet.valueOf(constraint.mask(9)).stream()).containsExactly(0, 2, 3);
    }

    @Test
    void theLastTokenIsOneThatEndsTheAnswerByItself() {
        Constraint constraint = compile(anyOf(literal("yes"), literal("no")), "y", "e", "s", "n", "o", "yes", "no")
                .begin();
        assertThat(allowed(constraint, 1)).containsExactlyInAnyOrder("yes", "no");
        assertThat(allowed(constraint, 3)).containsExactlyInAnyOrder("yes", "no", "n");
        assertThat(allowed(constraint, 4)).containsExactlyInAnyOrder("yes", "no", "n", "y");
    }

    @Test
    void whatCannotEndInTimeIsNotHeldBack() {
        Constraint constraint = compile(literal("abc"), "a", "b", "c").begin();
        assertThat(allowed(constraint, 2)).containsExactly("a");
    }

    @Test
    void manyCharactersThatAreDemandedAreCountedInLongTokens() {
        Constraint constraint = compile(
                        sequence(
                                new Repetition(LETTER, 90, UNBOUNDED),
                                literal("."),
                                new Repetition(literal("."), 0, 5)),
                        lettersAnd("abcdefghij", ".", ".."))
                .begin();
        // Nine of ten letters, a stop, and the end.
        for (int remaining = 11; remaining > 2; remaining--) {
            assertThat(allowed(constraint, remaining)).containsExactly("abcdefghij");
            constraint.accept(words.indexOf("abcdefghij"));
        }
        assertThat(allowed(constraint, 2)).containsExactlyInAnyOrder(".", "..");
    }

    @Test
    void waysThatTheVocabularyHasNoTokensForAreNotTaken() {
        Constraint constraint = compile(
                        anyOf(literal("ax"), sequence(literal("a"), new Characters(CodePoints.of("cd")), literal("e"))),
                        "a",
                        "ac",
                        "ad",
                        "ade",
                        "e")
                .begin();
        // After "a" alone there is no token for "x", "c" or "d".
        assertThat(allowed(constraint, 99)).containsExactlyInAnyOrder("ac", "ad", "ade");
    }

    @Test
    void forcedBytesEndBeforeAChoice() {
        Constraint constraint = compile(
                        sequence(literal("{\"name\":"), anyOf(literal("1"), literal("2")), literal("}")),
                        "{",
                        "{\"",
                        "name",
                        "n",
                        "a",
                        "m",
                        "e",
                        "\"",
                        "\":",
                        ":",
                        "1",
                        "2",
                        "}",
                        ":1")
                .begin();
        assertThat(Arrays.stream(constraint.forced(9)).mapToObj(words::get)).containsExactly("{\"", "name", "\":");
        assertThat(Arrays.stream(constraint.forced(1)).mapToObj(words::get)).containsExactly("{\"");
        Arrays.stream(constraint.forced(9)).forEach(constraint::accept);
        assertThat(constraint.forced(9)).isEmpty();
        constraint.accept(words.indexOf("1"));
        assertThat(Arrays.stream(constraint.forced(9)).mapToObj(words::get)).containsExactly("}");
    }

    @Test
    void forcedBytesThatEveryChoiceMakesAnotherTokenOfAreLeftToIt() {
        Constraint constraint = compile(
                        sequence(literal("sha"), anyOf(literal("pe"), literal("rp"))),
                        "sha",
                        "shap",
                        "shar",
                        "p",
                        "r",
                        "e")
                .begin();

        assertThat(constraint.forced(9)).isEmpty();
    }

    @Test
    void whatIsPreparedIsKnownWhenItIsAskedFor() {
        Constraint constraint = compile(sequence(anyOf(literal("a"), literal("b")), LETTER, LETTER), "a", "b", "c")
                .begin();
        constraint.prepare();
        assertThat(constraint.isPrepared()).isTrue();
        constraint.accept(words.indexOf("b"));
        assertThat(constraint.isPrepared()).isTrue();
        constraint.accept(words.indexOf("c"));
        assertThat(constraint.isPrepared()).isFalse();
    }

    @Test
    void manySequencesMayShareAGrammar() throws Exception {
        RandomGrammars grammars = new RandomGrammars(7);
        TokenTrie tokens = grammars.tokens(2000);
        Expression string = sequence(
                literal("\""),
                new Repetition(anyOf(new Characters(CodePoints.of("\"").not()), literal("\"\"")), 0, 30),
                literal("\""));
        Grammar grammar = new Grammar(List.of(anyOf(
                string, sequence(literal("a"), new Repetition(new Expression.Reference(0), 1, 5), literal("b")))));
        ConstraintCompiler compiler = new ConstraintCompiler(tokens, Set.of(256));
        List<List<BitSet>> alone = IntStream.range(0, 8)
                .mapToObj(seed -> masks(compiler.compile(grammar).begin(), seed, false))
                .toList();
        CompiledGrammar shared = compiler.compile(grammar);
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Callable<List<BitSet>>> tasks = IntStream.range(0, 8)
                    .<Callable<List<BitSet>>>mapToObj(seed -> () -> masks(shared.begin(), seed, true))
                    .toList();
            List<Future<List<BitSet>>> together = threads.invokeAll(tasks, 60, TimeUnit.SECONDS);
            for (int seed = 0; seed < 8; seed++) {
                assertThat(together.get(seed).get()).isEqualTo(alone.get(seed));
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private static List<BitSet> masks(Constraint constraint, int seed, boolean prepare) {
        Random random = new Random(seed);
        List<BitSet> masks = new ArrayList<>();
        for (int remaining = 60; remaining > 0 && !constraint.isComplete(); remaining--) {
            if (prepare) {
                constraint.prepare();
            }
            BitSet mask = BitSet.valueOf(constraint.mask(remaining));
            masks.add(mask);
            int[] tokens = mask.stream().toArray();
            constraint.accept(tokens[random.nextInt(tokens.length)]);
        }
        return masks;
    }
}
