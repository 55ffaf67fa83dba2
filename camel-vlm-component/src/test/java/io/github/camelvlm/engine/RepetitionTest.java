package io.github.camelvlm.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelvlm.chat.ChatRequest;
import io.github.camelvlm.chat.Completion;
import io.github.camelvlm.chat.FinishReason;
import io.github.camelvlm.chat.Generation;
import io.github.camelvlm.chat.ImagePart;
import io.github.camelvlm.chat.Message;
import io.github.camelvlm.chat.RepetitionBounds;
import io.github.camelvlm.chat.Role;
import io.github.camelvlm.chat.SamplingOptions;
import io.github.camelvlm.chat.TextPart;
import io.github.camelvlm.goldens.GoldenCase;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers that an engine ends since they repeat themselves. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(120)
class RepetitionTest {
    private static final String WORD = " diamond";

    private LocalEngine with;
    private LocalEngine without;

    @BeforeAll
    void load() {
        EngineOptions options = Engines.options(GoldenCase.SHAPES_VL, "float32");
        with = LocalEngine.load(options);
        without = LocalEngine.load(Engines.withoutSpeculation(options));
    }

    @AfterAll
    void close() {
        with.close();
        without.close();
    }

    /** Past the end of its turn the model says one word after another again and again. */
    private static ChatRequest endless(SamplingOptions.Builder sampling) {
        return Engines.request(
                List.of(new Message(
                        Role.USER,
                        List.of(
                                new ImagePart(GoldenCase.picture("one-shape.png")),
                                new TextPart("Describe this image.")))),
                sampling.temperature(0.0).maxTokens(600).ignoreEos(true).build());
    }

    private static ChatRequest guarded() {
        return endless(SamplingOptions.builder().repetition(RepetitionBounds.OF_TEXT));
    }

    @Test
    void endsWhereAModelReallyRepeatsItself() throws InterruptedException {
        Completion free = with.generate(endless(SamplingOptions.builder())).await();
        Completion ended = with.generate(guarded()).await();
        int tokens = ended.tokenIds().size();

        assertThat(free.finishReason()).isEqualTo(FinishReason.LENGTH);
        assertThat(ended.finishReason()).isEqualTo(FinishReason.REPETITION);
        assertThat(tokens).isBetween(100, 400).isEqualTo(ended.usage().completionTokens());
        assertThat(ended.tokenIds()).isEqualTo(free.tokenIds().subList(0, tokens));
        assertThat(ended.tokenIds().subList(tokens - 64, tokens))
                .containsOnly(ended.tokenIds().get(tokens - 1));
        assertThat(ended.text()).startsWith("A small yellow diamond").endsWith(WORD.repeat(64));
    }

    /** Of tokens that ride along in a step, those after the last of the answer do not count. */
    @Test
    void endsAtTheSameTokenWhereSeveralComeInAStep() throws InterruptedException {
        Completion fast = with.generate(guarded()).await();
        Completion slow = without.generate(guarded()).await();

        assertThat(fast.usage().acceptedTokens()).isGreaterThan(50);
        assertThat(slow.usage().acceptedTokens()).isZero();
        assertThat(fast.tokenIds()).isEqualTo(slow.tokenIds());
        assertThat(fast.text()).isEqualTo(slow.text());
        assertThat(fast.finishReason()).isEqualTo(FinishReason.REPETITION);
    }

    @Test
    void answersOthersOnAndTheNextOneTheSame() throws InterruptedException {
        Generation free = with.generate(endless(SamplingOptions.builder()));
        List<Generation> several = with.generate(guarded(), 3);
        Completion first = several.get(0).await();
        for (Generation generation : several) {
            assertThat(generation.await().tokenIds()).isEqualTo(first.tokenIds());
        }
        assertThat(free.await().tokenIds()).hasSize(600);
        assertThat(with.generate(guarded()).await().tokenIds()).isEqualTo(first.tokenIds());
    }

    @Test
    void prefersTheStopTextThatEndsItAtTheSameToken() throws InterruptedException {
        Completion stopped = with.generate(endless(SamplingOptions.builder()
                        .repetition(RepetitionBounds.OF_TEXT)
                        .stop(List.of(WORD.repeat(64)))))
                .await();

        assertThat(stopped.finishReason()).isEqualTo(FinishReason.STOP);
        assertThat(stopped.text()).endsWith(" star");
    }

    /** What may be the beginning of a stop text is held back until the end. */
    @Test
    void handsOutWhatMightHaveBecomeAStopText() throws InterruptedException {
        Completion held = with.generate(endless(SamplingOptions.builder()
                        .repetition(RepetitionBounds.OF_TEXT)
                        .stop(List.of(WORD.repeat(70)))))
                .await();

        assertThat(held.finishReason()).isEqualTo(FinishReason.REPETITION);
        assertThat(held.text()).endsWith(WORD.repeat(64));
    }

    @Test
    void letsAnAnswerHaveItsFewestTokens() throws InterruptedException {
        Completion later = with.generate(endless(SamplingOptions.builder()
                        .repetition(new RepetitionBounds(1, 1, 10, 0))
                        .minTokens(300)))
                .await();

        assertThat(later.finishReason()).isEqualTo(FinishReason.REPETITION);
        assertThat(later.tokenIds()).hasSizeGreaterThanOrEqualTo(300);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4})
    void findsAPassageOfSeveralTokensThatTheModelIsMadeToSay(int size) throws InterruptedException {
        List<Integer> permitted = List.of(522, 443, 390, 32).subList(0, size);
        Completion completion = with.generate(endless(SamplingOptions.builder()
                        .repetition(RepetitionBounds.OF_TEXT)
                        .allowedTokenIds(permitted)))
                .await();

        assertThat(completion.finishReason()).isEqualTo(FinishReason.REPETITION);
        assertThat(completion.tokenIds()).hasSizeLessThan(600);
    }

    @Test
    void isCountedAsAReasonOfItsOwn() throws Exception {
        long before = ended(with);
        with.generate(guarded()).await();

        // The answer is out a moment before the engine's thread counts it.
        long limit = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (ended(with) <= before) {
            assertThat(System.nanoTime()).isLessThan(limit);
            Thread.onSpinWait();
        }
    }

    private static long ended(LocalEngine engine) {
        Map<FinishReason, Long> ended = engine.statistics().ended();
        return ended.getOrDefault(FinishReason.REPETITION, 0L);
    }
}
