package io.github.camelvlm.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelvlm.chat.Completion;
import io.github.camelvlm.chat.ImagePart;
import io.github.camelvlm.chat.Message;
import io.github.camelvlm.chat.Role;
import io.github.camelvlm.chat.SamplingOptions;
import io.github.camelvlm.chat.TextPart;
import io.github.camelvlm.goldens.GoldenCase;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What prompts take over from others that began alike: never more than is the same, and to the same answers. */
@Timeout(60)
class PrefixReuseTest {
    private LocalEngine engine;

    @BeforeEach
    void load() {
        engine = LocalEngine.load(Engines.options(GoldenCase.SHAPES_VL, "float32"));
    }

    @AfterEach
    void close() {
        engine.close();
    }

    private Completion ask(List<Message> messages) throws InterruptedException {
        return engine.generate(Engines.request(
                        messages,
                        SamplingOptions.builder().temperature(0.0).maxTokens(64).build()))
                .await();
    }

    private static List<Message> ask(String picture, String question) {
        return List.of(
                new Message(Role.USER, List.of(new ImagePart(GoldenCase.picture(picture)), new TextPart(question))));
    }

    @Test
    void takesOverAPictureForAnotherQuestion() throws InterruptedException {
        Completion first = ask(ask("two-shapes.png", "Describe this image."));
        Completion second = ask(ask("two-shapes.png", "List the objects as JSON."));

        assertThat(first.usage().cachedTokens()).isZero();
        assertThat(second.usage().cachedTokens())
                .isGreaterThan(second.pictures().get(0).tokens());
        assertThat(second.text()).isEqualTo(GoldenCase.shapes("json").text("text"));
    }

    @Test
    void computesAllButTheLastTokenOnceForTheSameQuestion() throws InterruptedException {
        Completion first = ask(ask("one-shape.png", "Describe this image."));
        Completion second = ask(ask("one-shape.png", "Describe this image."));

        assertThat(second.usage().cachedTokens()).isEqualTo(second.usage().promptTokens() - 1);
        assertThat(second.text()).isEqualTo(first.text());
    }

    @Test
    void takesOverTheFirstTurnForTheSecond() throws InterruptedException {
        GoldenCase golden = GoldenCase.shapes("two turns");
        Completion first = ask(golden.messages().subList(0, 1));

        Completion second = ask(golden.messages());

        assertThat(second.usage().cachedTokens())
                .isGreaterThanOrEqualTo(first.usage().promptTokens());
        assertThat(second.text()).isEqualTo(golden.text("text"));
    }

    @Test
    void takesNoOtherPictureForThisOne() throws InterruptedException {
        // Both become as many tokens, which are equal by their ids.
        ask(ask("two-shapes.png", "Describe this image."));

        Completion other = ask(ask("odd-size.png", "Describe this image."));

        assertThat(other.usage().cachedTokens())
                .isLessThan(
                        other.usage().promptTokens() - other.pictures().get(0).tokens());
        assertThat(other.text())
                .isEqualTo(GoldenCase.shapes("describe odd-size.png").text("text"));
    }

    @Test
    void countsThePicturesThatNeedNoEncodingAgain() throws InterruptedException {
        ask(ask("two-shapes.png", "Describe this image."));
        ask(ask("two-shapes.png", "List the objects as JSON."));
        ask(ask("odd-size.png", "Describe this image."));
        // Not in the place where it was, so only its embeddings can be taken over.
        ask(List.of(new Message(
                Role.USER,
                List.of(new TextPart("Describe this image."), new ImagePart(GoldenCase.picture("two-shapes.png"))))));

        // The answer comes a moment before it is counted.
        while (engine.statistics().pictures() < 4) {
            Thread.onSpinWait();
        }
        assertThat(engine.statistics().pictures()).isEqualTo(4);
        assertThat(engine.statistics().knownPictures()).isEqualTo(2);
    }

    @Test
    void takesOverFromASequenceThatStillRuns() throws InterruptedException {
        List<Message> messages = ask("two-shapes.png", "Describe this image.");
        var both = engine.generate(
                Engines.request(
                        messages,
                        SamplingOptions.builder().temperature(0.0).maxTokens(64).build()),
                2);

        assertThat(both.get(1).await().text()).isEqualTo(both.get(0).await().text());
    }

    @Test
    void givesTheRoomOfFinishedSequencesToThoseThatNeedIt() throws InterruptedException {
        try (LocalEngine small = LocalEngine.load(Engines.options(GoldenCase.SHAPES_VL, "float32", 128, 1, 4))) {
            for (int i = 0; i < 10; i++) {
                GoldenCase golden =
                        GoldenCase.shapes(i % 2 == 0 ? "describe one-shape.png" : "describe two-shapes.png");

                Completion completion = small.generate(Engines.request(
                                golden.messages(),
                                SamplingOptions.builder()
                                        .temperature(0.0)
                                        .maxTokens(80)
                                        .build()))
                        .await();

                assertThat(completion.text()).isEqualTo(golden.text("text"));
            }
        }
    }
}
