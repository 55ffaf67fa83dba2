package io.github.camelvlm.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.camelvlm.chat.ChatRequest;
import io.github.camelvlm.chat.Comparison;
import io.github.camelvlm.chat.Completion;
import io.github.camelvlm.chat.Continuation;
import io.github.camelvlm.chat.InvalidRequestException;
import io.github.camelvlm.chat.Message;
import io.github.camelvlm.chat.PromptLogprob;
import io.github.camelvlm.chat.Role;
import io.github.camelvlm.chat.SamplingOptions;
import io.github.camelvlm.chat.TokenLogprob;
import io.github.camelvlm.chat.Tools;
import io.github.camelvlm.chat.VlmException;
import io.github.camelvlm.goldens.GoldenCase;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Probabilities of texts, held against what the tokens of each text are told to be like where it stands in a prompt. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(120)
class CompareTest {
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

    private static ChatRequest question() {
        return Engines.request(GOLDEN.messages(), SamplingOptions.NONE);
    }

    private Comparison compare(List<String> texts) throws InterruptedException {
        return engine.compare(question(), texts, new CompletableFuture<>());
    }

    private Completion answered(String text, int top) throws InterruptedException {
        List<Message> messages = new ArrayList<>(GOLDEN.messages());
        messages.add(Message.of(Role.ASSISTANT, text));
        return engine.generate(new ChatRequest(
                        messages,
                        Tools.NONE,
                        Continuation.LAST_TURN,
                        SamplingOptions.builder()
                                .promptLogprobs(0)
                                .topLogprobs(top)
                                .temperature(0.0)
                                .maxTokens(1)
                                .build(),
                        null))
                .await();
    }

    /** The log-probability of a text's tokens, as many as count, its end included if that counts. */
    private double truth(String text, List<List<Integer>> all) throws InterruptedException {
        List<Integer> own = tokens(text);
        Completion completion = answered(text, 20);
        List<PromptLogprob> prompt = completion.promptLogprobs();
        List<PromptLogprob> said = prompt.subList(prompt.size() - own.size(), prompt.size());
        double sum = 0;
        for (int i = 0; i < own.size(); i++) {
            assertThat(said.get(i).token().id()).isEqualTo(own.get(i));
            sum += said.get(i).token().logprob();
            List<Integer> beginning = own.subList(0, i + 1);
            if (all.stream()
                            .filter(ids -> ids.size() > beginning.size() - 1
                                    && ids.subList(0, beginning.size()).equals(beginning))
                            .count()
                    == 1) {
                return sum;
            }
        }
        double end = completion.logprobs().get(0).top().stream()
                .filter(token -> List.of("<|im_end|>", "<|endoftext|>")
                        .contains(new String(token.bytes(), StandardCharsets.UTF_8)))
                .mapToDouble(TokenLogprob::logprob)
                .map(Math::exp)
                .sum();
        return sum + Math.log(end);
    }

    private List<Integer> tokens(String text) {
        return Arrays.stream(engine.tokenizer().encode(text, false)).boxed().toList();
    }

    static List<List<String>> choices() {
        return List.of(
                List.of("Yes.", "No."),
                List.of("A circle", "An orange star", "Two squares"),
                List.of(
                        "A small yellow diamond on a white background.",
                        "A small yellow diamond on a gray background.",
                        "A large yellow diamond on a white background.",
                        "A small red star."),
                List.of("A small", "A small yellow diamond", "A small yellow diamond on a white background."),
                List.of("白色背景上有一个黄色的菱形。", "白色背景上有一个红色的菱形。", "naïve 🙂", "naïve 🙃"));
    }

    @ParameterizedTest
    @MethodSource("choices")
    void tellsTheProbabilitiesThatTheTokensHaveInAPrompt(List<String> texts) throws InterruptedException {
        Comparison comparison = compare(texts);

        List<List<Integer>> all = texts.stream().map(this::tokens).toList();
        List<Double> truths = new ArrayList<>();
        for (String text : texts) {
            truths.add(Math.exp(truth(text, all)));
        }
        double sum = truths.stream().mapToDouble(Double::doubleValue).sum();
        for (int i = 0; i < texts.size(); i++) {
            assertThat(comparison.probabilities().get(i)).as(texts.get(i)).isCloseTo(truths.get(i) / sum, within(1e-3));
        }
        assertThat(comparison.probabilities().stream()
                        .mapToDouble(Double::doubleValue)
                        .sum())
                .isCloseTo(1, within(1e-9));
        int best = comparison.probabilities().indexOf(Collections.max(comparison.probabilities()));
        assertThat(comparison.answer().text()).isEqualTo(texts.get(best));
    }

    @ParameterizedTest
    @MethodSource("choices")
    void tellsTheSameInAnyOrder(List<String> texts) throws InterruptedException {
        List<String> turned = new ArrayList<>(texts);
        Collections.reverse(turned);

        List<Double> reversed = new ArrayList<>(compare(turned).probabilities());

        Collections.reverse(reversed);
        List<Double> straight = compare(texts).probabilities();
        for (int i = 0; i < texts.size(); i++) {
            assertThat(reversed.get(i)).isCloseTo(straight.get(i), within(1e-4));
        }
    }

    @Test
    void findsWhatIsInThePicture() throws InterruptedException {
        Comparison comparison = compare(List.of(
                "A small red circle on a white background.",
                "A small yellow diamond on a white background.",
                "A large yellow diamond on a white background."));

        assertThat(comparison.answer().text()).isEqualTo("A small yellow diamond on a white background.");
        assertThat(comparison.probabilities().get(1)).isGreaterThan(0.9);
        assertThat(comparison.answer().pictures()).hasSize(1);
    }

    @ParameterizedTest
    @MethodSource("choices")
    void looksAtPictureAndPromptOnce(List<String> texts) throws InterruptedException {
        AtomicReference<FailingProgram> program = new AtomicReference<>();
        try (LocalEngine counted = LocalEngine.load(Engines.options(GoldenCase.SHAPES_VL, "float32"), loaded -> {
            program.set(new FailingProgram(loaded));
            return program.get();
        })) {
            Comparison comparison = counted.compare(question(), texts, new CompletableFuture<>());

            ChoiceTree tree = new ChoiceTree(
                    texts.stream()
                            .map(text -> engine.tokenizer().encode(text, false))
                            .toList(),
                    Set.of(-2));
            // Each path but the first computes the prompt's last token again, and at most all of itself.
            int paths = tree.paths().stream().mapToInt(path -> path.length + 1).sum() - 1;
            assertThat(program.get().made(FailingProgram.Call.BEGIN)).isEqualTo(1);
            assertThat(program.get().tokens())
                    .isBetween(
                            comparison.answer().usage().promptTokens(),
                            comparison.answer().usage().promptTokens() + paths);
        }
    }

    @Test
    void givesUpWhereNobodyWaitsAndServesOthersAfterwards() throws InterruptedException {
        assertThatThrownBy(() ->
                        engine.compare(question(), List.of("Yes.", "No."), CompletableFuture.completedFuture(null)))
                .isInstanceOf(VlmException.class);
        for (int i = 0; i < 100; i++) {
            // More often than there are places.
            assertThatThrownBy(() -> compare(List.of("Yes.", "Yes."))).isInstanceOf(InvalidRequestException.class);
        }

        assertThat(compare(List.of("Yes.", "No.")).probabilities()).hasSize(2);
    }

    @Test
    void refusesWhatCannotBeCompared() {
        assertThatThrownBy(() -> compare(List.of("Yes.")))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("must be 2 to 1000 texts");
        assertThatThrownBy(() -> compare(List.of("Yes.", "")))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("empty text");
        assertThatThrownBy(() -> compare(
                        IntStream.range(0, 900).mapToObj(i -> "number " + i).toList()))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageMatching("choices begin alike so often that it takes \\d+ requests to compare them, but at"
                        + " most \\d+ run and wait here: offer fewer, or raise queueLength");
    }
}
