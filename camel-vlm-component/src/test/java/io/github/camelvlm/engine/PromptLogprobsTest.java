package io.github.camelvlm.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelvlm.chat.ChatRequest;
import io.github.camelvlm.chat.Completion;
import io.github.camelvlm.chat.Continuation;
import io.github.camelvlm.chat.Generation;
import io.github.camelvlm.chat.Message;
import io.github.camelvlm.chat.PromptLogprob;
import io.github.camelvlm.chat.Role;
import io.github.camelvlm.chat.SamplingOptions;
import io.github.camelvlm.chat.TokenLogprob;
import io.github.camelvlm.chat.Tools;
import io.github.camelvlm.goldens.GoldenCase;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/** How likely the tokens of a prompt are, held against what the same tokens were told to be when they were generated. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(120)
class PromptLogprobsTest {
    private static final Offset<Double> TOLERANCE = Offset.offset(1e-3);
    private static final GoldenCase GOLDEN = GoldenCase.shapes("describe one-shape.png");

    private LocalEngine engine;

    @BeforeAll
    void load() {
        engine = LocalEngine.load(Engines.options(GoldenCase.SHAPES_VL, "float32"));
    }

    @AfterAll
    void close() {
        engine.close();
    }

    /** The golden's question and answer, to be continued. */
    private static ChatRequest answered(int promptLogprobs) {
        List<Message> messages = new ArrayList<>(GOLDEN.messages());
        messages.add(Message.of(Role.ASSISTANT, GOLDEN.text("text")));
        return new ChatRequest(
                messages,
                Tools.NONE,
                Continuation.LAST_TURN,
                SamplingOptions.builder()
                        .promptLogprobs(promptLogprobs)
                        .maxTokens(3)
                        .build()
                        .orElse(Engines.greedy(GOLDEN).sampling()),
                null);
    }

    @Test
    void areThoseThatTheSameTokensHadInAnAnswer() throws InterruptedException {
        Completion generated = engine.generate(Engines.request(
                        GOLDEN.messages(),
                        SamplingOptions.builder()
                                .topLogprobs(3)
                                .build()
                                .orElse(Engines.greedy(GOLDEN).sampling())))
                .await();

        Completion completion = engine.generate(answered(3)).await();

        int said = generated.tokenIds().size() - 1;
        List<PromptLogprob> prompt = completion.promptLogprobs();
        assertThat(prompt).hasSize(completion.usage().promptTokens() - 1);
        List<PromptLogprob> end = prompt.subList(prompt.size() - said, prompt.size());
        for (int i = 0; i < said; i++) {
            TokenLogprob token = end.get(i).token();
            TokenLogprob expected = generated.logprobs().get(i);
            assertThat(token.id()).isEqualTo(expected.id());
            assertThat(token.logprob()).isCloseTo(expected.logprob(), TOLERANCE);
            assertThat(end.get(i).rank()).isEqualTo(1);
            assertThat(token.top())
                    .extracting(TokenLogprob::id)
                    .containsExactlyElementsOf(
                            expected.top().stream().map(TokenLogprob::id).toList());
            assertThat(token.top().get(2).logprob())
                    .isCloseTo(expected.top().get(2).logprob(), TOLERANCE);
        }
    }

    @Test
    void tellEachTokenOfThePromptAndItsRank() throws InterruptedException {
        Completion completion = engine.generate(answered(20)).await();

        int[] ids = engine.tokenizer().encode(answered(20));
        assertThat(completion.promptLogprobs())
                .extracting(prompt -> prompt.token().id())
                .containsExactlyElementsOf(Arrays.stream(ids).skip(1).boxed().toList());
        int beyond = 0;
        for (PromptLogprob prompt : completion.promptLogprobs()) {
            List<Integer> top =
                    prompt.token().top().stream().map(TokenLogprob::id).toList();
            if (prompt.rank() <= 20) {
                assertThat(top.get(prompt.rank() - 1)).isEqualTo(prompt.token().id());
            } else {
                beyond++;
                assertThat(top).doesNotContain(prompt.token().id());
            }
        }
        assertThat(beyond).isPositive();
    }

    @Test
    void areTheSameInABatchAndOnceThePromptIsKnown() throws InterruptedException {
        List<Double> alone = logprobs(engine.generate(answered(0)).await());

        List<Generation> together = List.of(
                engine.generate(answered(5)), engine.generate(Engines.endless(40)), engine.generate(answered(0)));

        for (int i : new int[] {0, 2}) {
            Completion completion = together.get(i).await();
            List<Double> told = logprobs(completion);
            assertThat(told).hasSameSizeAs(alone);
            for (int at = 0; at < told.size(); at++) {
                assertThat(told.get(at)).isCloseTo(alone.get(at), TOLERANCE);
            }
            assertThat(completion.usage().cachedTokens()).isZero();
            assertThat(completion.promptLogprobs().get(0).token().top()).hasSize(i == 0 ? 5 : 0);
        }
    }

    private static List<Double> logprobs(Completion completion) {
        return completion.promptLogprobs().stream()
                .map(prompt -> prompt.token().logprob())
                .toList();
    }

    @Test
    void areToldWithTheFirstOfSeveralAnswersAlone() throws InterruptedException {
        List<Generation> answers = engine.generate(answered(0), 2);

        assertThat(answers.get(0).await().promptLogprobs()).isNotEmpty();
        assertThat(answers.get(1).await().promptLogprobs()).isEmpty();
    }

    @Test
    void areNotToldUnlessAskedFor() throws InterruptedException {
        assertThat(engine.generate(Engines.greedy(GOLDEN)).await().promptLogprobs())
                .isEmpty();
    }
}
