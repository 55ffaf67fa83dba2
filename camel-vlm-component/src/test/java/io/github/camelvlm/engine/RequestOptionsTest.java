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
import io.github.camelvlm.chat.TokenLogprob;
import io.github.camelvlm.chat.Tools;
import io.github.camelvlm.goldens.GoldenCase;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.BiPredicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

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

    private static final GoldenCase ONE_SHAPE = GoldenCase.shapes("describe one-shape.png");

    private static ChatRequest oneShape(SamplingOptions.Builder options) {
        return Engines.request(
                ONE_SHAPE.messages(),
                options.topLogprobs(20).build().orElse(Engines.greedy(ONE_SHAPE).sampling()));
    }

    private static List<Integer> said() {
        return Arrays.stream(ONE_SHAPE.ints("generated_token_ids")).boxed().toList();
    }

    /** That each token is the likeliest by the numbers told with it, of those that may be chosen. */
    private static void assertGreedyAmong(Completion completion, BiPredicate<Integer, Integer> mayStandAt) {
        for (int i = 0; i < completion.tokenIds().size(); i++) {
            int place = i;
            int likeliest = completion.logprobs().get(i).top().stream()
                    .map(TokenLogprob::id)
                    .filter(id -> mayStandAt.test(id, place))
                    .findFirst()
                    .orElseThrow();
            assertThat(completion.tokenIds().get(i)).as("token %d", i).isEqualTo(likeliest);
        }
    }

    @Test
    void doesNotEndBeforeItHasAsManyTokensAsItMust() throws InterruptedException {
        int length = said().size();

        Completion completion = shapes.generate(
                        oneShape(SamplingOptions.builder().minTokens(length + 3).maxTokens(length + 8)))
                .await();

        List<Integer> ends = List.of(1010, 1012);
        assertThat(completion.tokenIds())
                .startsWith(said().subList(0, length - 1).toArray(Integer[]::new));
        assertThat(completion.tokenIds().size()).isGreaterThanOrEqualTo(length + 3);
        assertThat(completion.tokenIds().subList(0, length + 3)).doesNotContainAnyElementsOf(ends);
        assertThat(completion.logprobs().get(length - 1).top().get(0).id()).isIn(ends);
        assertGreedyAmong(completion, (id, place) -> place >= length + 3 || !ends.contains(id));
    }

    @Test
    void neverSaysWhatItMustNot() throws InterruptedException {
        int banned = said().get(0);
        String word = shapes.tokenizer().decode(new int[] {banned});

        Completion completion = shapes.generate(
                        oneShape(SamplingOptions.builder().badWords(List.of(word, "diamond"))))
                .await();

        assertThat(completion.tokenIds().get(0))
                .isEqualTo(completion.logprobs().get(0).top().get(1).id())
                .isNotEqualTo(banned);
        assertThat(completion.text()).doesNotContain("diamond").isNotEmpty();
        assertThat(ONE_SHAPE.text("text")).contains("diamond");
    }

    @Test
    void saysOnlyWhatIsAllowed() throws InterruptedException {
        List<Integer> allowed = said().subList(1, said().size());

        Completion completion = shapes.generate(oneShape(
                        SamplingOptions.builder().allowedTokenIds(allowed).temperature(0.0)))
                .await();

        assertThat(said().get(0)).isNotIn(allowed);
        assertThat(allowed).containsAll(completion.tokenIds());
        assertThat(completion.logprobs().get(0).top().get(0).id()).isEqualTo(said().get(0));
    }

    @Test
    void endsAtATokenOfTheRequestAndShowsItIfAsked() throws InterruptedException {
        List<Integer> stops = List.of(said().get(3));
        String before = shapes.tokenizer()
                .decode(said().subList(0, 3).stream().mapToInt(id -> id).toArray());
        String with = shapes.tokenizer()
                .decode(said().subList(0, 4).stream().mapToInt(id -> id).toArray());

        Completion hidden = shapes.generate(oneShape(SamplingOptions.builder().stopTokenIds(stops)))
                .await();
        Completion shown = shapes.generate(oneShape(SamplingOptions.builder()
                        .stopTokenIds(stops)
                        .includeStop(true)
                        .ignoreEos(true)))
                .await();

        assertThat(hidden.tokenIds()).isEqualTo(said().subList(0, 4));
        assertThat(hidden.text()).isEqualTo(before);
        assertThat(hidden.finishReason()).isEqualTo(FinishReason.STOP);
        assertThat(shown.text()).isEqualTo(with);
        assertThat(shown.tokenIds()).isEqualTo(hidden.tokenIds());
    }

    @Test
    void showsTheStopTextIfAskedAndLooksForItOnlyOnceItMayEnd() throws InterruptedException {
        SamplingOptions.Builder stop = SamplingOptions.builder().stop(List.of("low dia"));

        assertThat(shapes.generate(oneShape(stop)).await().text()).isEqualTo("A small yel");
        assertThat(shapes.generate(oneShape(stop.includeStop(true))).await().text())
                .isEqualTo("A small yellow dia");
        assertThat(shapes.generate(oneShape(stop.minTokens(said().size() - 1)))
                        .await()
                        .text())
                .isEqualTo(ONE_SHAPE.text("text"));
    }

    @Test
    void showsTheEndOfTheTurnIfBothSpecialTokensAndTheStopAreAskedFor() throws InterruptedException {
        assertThat(shapes.generate(oneShape(
                                SamplingOptions.builder().includeStop(true).skipSpecialTokens(false)))
                        .await()
                        .text())
                .isEqualTo(ONE_SHAPE.text("text") + "<|im_end|>");
    }

    @Test
    void answersMixedRequestsInABatchAsEachAlone() throws InterruptedException {
        List<ChatRequest> requests = List.of(
                oneShape(SamplingOptions.builder().minTokens(15)),
                oneShape(SamplingOptions.builder().badWords(List.of("diamond"))),
                oneShape(SamplingOptions.builder()),
                oneShape(SamplingOptions.builder().allowedTokenIds(said().subList(1, said().size()))),
                oneShape(SamplingOptions.builder().stopTokenIds(List.of(said().get(3)))),
                oneShape(SamplingOptions.builder()
                        .temperature(1.0)
                        .topK(0)
                        .seed(5L)
                        .repetitionPenalty(1.2)
                        .allowedTokenIds(IntStream.range(0, 900).boxed().toList())
                        .badWords(List.of("a", "the"))));
        List<List<Integer>> alone = new ArrayList<>();
        for (ChatRequest request : requests) {
            alone.add(shapes.generate(request).await().tokenIds());
        }

        List<Generation> together = requests.stream().map(shapes::generate).toList();

        for (int i = 0; i < requests.size(); i++) {
            assertThat(together.get(i).await().tokenIds()).as("request %d", i).isEqualTo(alone.get(i));
        }
    }

    @Test
    void failsByNameWhereNoTokenIsLeft() {
        int id = said().get(0);
        SamplingOptions.Builder none = SamplingOptions.builder()
                .allowedTokenIds(List.of(id))
                .badWords(List.of(shapes.tokenizer().decode(new int[] {id})));

        assertThatThrownBy(() -> shapes.generate(oneShape(none)).await())
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageStartingWith("allowed_token_ids leave no token to choose");
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 1024})
    void refusesIdsThatTheModelDoesNotHave(int id) {
        assertThatThrownBy(
                        () -> shapes.generate(oneShape(SamplingOptions.builder().stopTokenIds(List.of(id)))))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("stop_token_ids must name token ids from 0 to 1023, but names " + id);
        assertThatThrownBy(
                        () -> shapes.generate(oneShape(SamplingOptions.builder().allowedTokenIds(List.of(id)))))
                .hasMessageStartingWith("allowed_token_ids must name token ids");
    }

    @ParameterizedTest
    @MethodSource("impossible")
    void refusesImpossibleOptions(SamplingOptions.Builder options, String message) {
        assertThatThrownBy(options::build)
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage(message);
    }

    static Stream<Arguments> impossible() {
        return Stream.of(
                Arguments.of(SamplingOptions.builder().minTokens(-1), "min_tokens must be at least 0, but is -1"),
                Arguments.of(
                        SamplingOptions.builder().minTokens(9).maxTokens(8),
                        "min_tokens must not be above max_tokens (8), but is 9"),
                Arguments.of(
                        SamplingOptions.builder().badWords(List.of("a", " ")), "bad_words must not hold an empty text"),
                Arguments.of(
                        SamplingOptions.builder().badWords(Collections.nCopies(1001, "a")),
                        "bad_words must hold at most 1000 texts, but holds 1001"),
                Arguments.of(
                        SamplingOptions.builder().badWords(List.of("a".repeat(1001))),
                        "bad_words must hold texts of at most 1000 characters, but holds a longer one"),
                Arguments.of(
                        SamplingOptions.builder().allowedTokenIds(List.of()),
                        "allowed_token_ids must hold at least one id: leave it out to allow all"),
                Arguments.of(
                        SamplingOptions.builder().promptLogprobs(21),
                        "prompt_logprobs must be between 0 and 20, but is 21"),
                Arguments.of(SamplingOptions.builder().topP(-0.1), "top_p must be between 0 and 1, but is -0.1"));
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
