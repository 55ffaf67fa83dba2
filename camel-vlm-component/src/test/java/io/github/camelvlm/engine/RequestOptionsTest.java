package io.github.camelvlm.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.camelvlm.chat.ChatRequest;
import io.github.camelvlm.chat.Completion;
import io.github.camelvlm.chat.Continuation;
import io.github.camelvlm.chat.FinishReason;
import io.github.camelvlm.chat.Generation;
import io.github.camelvlm.chat.InvalidRequestException;
import io.github.camelvlm.chat.Message;
import io.github.camelvlm.chat.QueueFullException;
import io.github.camelvlm.chat.Role;
import io.github.camelvlm.chat.SamplingOptions;
import io.github.camelvlm.chat.Tools;
import io.github.camelvlm.goldens.GoldenCase;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/** What a request can ask for besides an answer. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(120)
class RequestOptionsTest {
    private LocalEngine shapes;
    private LocalEngine random;

    @BeforeAll
    void load() {
        shapes = LocalEngine.load(Engines.options(GoldenCase.SHAPES_VL, "float32"));
        random = LocalEngine.load(Engines.options(GoldenCase.RANDOM_VL, "float32"));
    }

    @AfterAll
    void close() {
        shapes.close();
        random.close();
    }

    @Test
    void goesOnWithTheLastTurnOnlyIfAsked() throws InterruptedException {
        GoldenCase golden = GoldenCase.shapes("describe one-shape.png");
        List<Message> messages = new ArrayList<>(golden.messages());
        messages.add(Message.of(Role.ASSISTANT, "A small yellow"));

        SamplingOptions greedy = Engines.greedy(golden).sampling();

        String continued = shapes.generate(new ChatRequest(messages, Tools.NONE, Continuation.LAST_TURN, greedy, null))
                .await()
                .text();
        Completion anew = shapes.generate(Engines.request(messages, greedy)).await();

        assertThat(continued).isEqualTo(" diamond on a white background.");
        assertThat(anew.text()).isNotEqualTo(continued).isNotEmpty();
        assertThat(anew.usage().promptTokens()).isGreaterThan(shapes.tokenizer().encode(Engines.greedy(golden)).length);
    }

    @Test
    void showsSpecialTokensButNeverTheEndIfAsked() throws InterruptedException {
        GoldenCase golden = GoldenCase.shapes("detect");
        SamplingOptions shown = SamplingOptions.builder()
                .skipSpecialTokens(false)
                .build()
                .orElse(Engines.greedy(golden).sampling());

        assertThat(shapes.generate(Engines.request(golden.messages(), shown))
                        .await()
                        .text())
                .isEqualTo(golden.text("text_with_special_tokens"));
    }

    @Test
    void goesOnPastTheEndOfATurnIfAsked() throws InterruptedException {
        GoldenCase golden = GoldenCase.shapes("describe one-shape.png");
        SamplingOptions endless = SamplingOptions.builder()
                .ignoreEos(true)
                .skipSpecialTokens(false)
                .maxTokens(30)
                .build()
                .orElse(Engines.greedy(golden).sampling());

        Completion completion =
                shapes.generate(Engines.request(golden.messages(), endless)).await();

        assertThat(completion.finishReason()).isEqualTo(FinishReason.LENGTH);
        assertThat(completion.tokenIds()).hasSize(30).contains(1012);
        assertThat(completion.text()).startsWith(golden.text("text")).doesNotContain("<|im_end|>");
    }

    @Test
    void givesSeveralAnswersTheSeedsThatFollow() throws InterruptedException {
        List<Integer> together = new ArrayList<>();
        for (Generation generation : random.generate(Engines.sampled(7), 3)) {
            together.addAll(generation.await().tokenIds());
        }

        List<Integer> alone = new ArrayList<>();
        for (long seed = 7; seed < 10; seed++) {
            alone.addAll(random.generate(Engines.sampled(seed)).await().tokenIds());
        }
        int length = alone.size() / 3;
        assertThat(together).isEqualTo(alone);
        assertThat(alone.subList(0, length)).isNotEqualTo(alone.subList(length, 2 * length));
    }

    @Test
    void takesNoPlaceForWhatItRefuses() throws InterruptedException {
        ChatRequest wrong = Engines.request(
                Engines.endless(1).messages(),
                SamplingOptions.builder().logitBias(Map.of(5000, 1.0)).build());
        try (LocalEngine engine = LocalEngine.load(Engines.options(GoldenCase.SHAPES_VL, "float32", 0, 1, 1))) {
            for (int i = 0; i < 3; i++) {
                assertThatThrownBy(() -> engine.generate(wrong)).isInstanceOf(InvalidRequestException.class);
            }

            assertThat(engine.generate(Engines.endless(1), 2)).hasSize(2);
        }
    }

    @Test
    void admitsAllAnswersOrNone() throws InterruptedException {
        try (LocalEngine engine = LocalEngine.load(Engines.options(GoldenCase.SHAPES_VL, "float32", 0, 1, 3));
                Generation running = engine.generate(Engines.endless(3000))) {
            assertThatThrownBy(() -> engine.generate(Engines.endless(5), 4)).isInstanceOf(QueueFullException.class);
            assertThatThrownBy(() -> engine.generate(Engines.endless(5), 5))
                    .isInstanceOf(InvalidRequestException.class)
                    .hasMessage("n must be at most 4 here, but is 5");

            List<Generation> three = engine.generate(Engines.endless(5), 3);
            running.cancel();
            for (Generation generation : three) {
                assertThat(generation.await().tokenIds()).hasSize(5);
            }
        }
    }
}
