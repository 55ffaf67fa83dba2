package io.github.camelvlm.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.camelvlm.chat.AnswerFormat;
import io.github.camelvlm.chat.ChatRequest;
import io.github.camelvlm.chat.Closing;
import io.github.camelvlm.chat.Completion;
import io.github.camelvlm.chat.Continuation;
import io.github.camelvlm.chat.Delta;
import io.github.camelvlm.chat.FinishReason;
import io.github.camelvlm.chat.Generation;
import io.github.camelvlm.chat.ImagePart;
import io.github.camelvlm.chat.InvalidRequestException;
import io.github.camelvlm.chat.Message;
import io.github.camelvlm.chat.Role;
import io.github.camelvlm.chat.SamplingOptions;
import io.github.camelvlm.chat.TextPart;
import io.github.camelvlm.chat.TokenLogprob;
import io.github.camelvlm.chat.Tools;
import io.github.camelvlm.chat.Usage;
import io.github.camelvlm.goldens.GoldenCase;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/** Answers that must have a form, from whole models. */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConstrainedAnswersTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private static final AnswerFormat INVENTORY = new AnswerFormat.Json("guided_json", """
            {"type": "object", "additionalProperties": false, "required": ["objects", "background"], "properties": {
              "objects": {"type": "array", "items": {
                "type": "object", "additionalProperties": false, "required": ["color", "shape"], "properties": {
                  "color": {"enum": ["red", "green", "blue", "yellow", "orange", "purple", "pink", "cyan", "brown", "black", "gray"]},
                  "shape": {"enum": ["circle", "square", "triangle", "star", "ring", "diamond", "hexagon", "cross"]}}}},
              "background": {"enum": ["white", "green", "gray", "black"]}}}
            """);

    private static final AnswerFormat YES_OR_NO = new AnswerFormat.Choice("guided_choice", List.of("yes", "no"));

    private LocalEngine shapes;
    private LocalEngine random;
    private FailingProgram program;

    @BeforeAll
    void load() {
        shapes = LocalEngine.load(
                Engines.options(GoldenCase.SHAPES_VL, "float32"), inner -> program = new FailingProgram(inner));
        random = LocalEngine.load(Engines.options(GoldenCase.RANDOM_VL, "float32"));
    }

    @AfterAll
    void close() {
        Closing.all(shapes::close, random::close);
    }

    private static SamplingOptions.Builder greedy(AnswerFormat format) {
        return SamplingOptions.builder().temperature(0.0).maxTokens(256).format(format);
    }

    private static ChatRequest about(String picture, SamplingOptions.Builder options) {
        return Engines.request(
                List.of(new Message(
                        Role.USER,
                        List.of(
                                new ImagePart(GoldenCase.picture(picture)),
                                new TextPart("List the objects as JSON.")))),
                options.build());
    }

    private static ChatRequest hello(SamplingOptions.Builder options) {
        return Engines.request(List.of(Message.of(Role.USER, "Hello")), options.build());
    }

    @Test
    void namesTheShapesInTheFormAskedForAndInFewSteps() throws InterruptedException, IOException {
        int before = program.made(FailingProgram.Call.STEP);

        Completion completion =
                shapes.generate(about("two-shapes.png", greedy(INVENTORY))).await();

        int steps = program.made(FailingProgram.Call.STEP) - before;
        JsonNode answer = MAPPER.readTree(completion.text());
        assertThat(answer.at("/objects").findValuesAsText("color")).containsExactly("orange", "yellow");
        assertThat(answer.at("/objects").findValuesAsText("shape")).containsExactly("triangle", "hexagon");
        assertThat(answer.at("/background").asText()).isEqualTo("green");
        assertThat(completion.finishReason()).isEqualTo(FinishReason.STOP);
        assertThat((double) steps / completion.usage().completionTokens()).isLessThanOrEqualTo(0.6);
    }

    @Test
    void endsWhereNothingCanFollowWithoutAnEndToken() throws InterruptedException {
        Completion completion = shapes.generate(hello(greedy(YES_OR_NO))).await();

        assertThat(completion.text()).isIn("yes", "no");
        assertThat(completion.finishReason()).isEqualTo(FinishReason.STOP);
        assertThat(completion.tokenIds()).doesNotContain(1010, 1012);
    }

    @Test
    void handsOutAFormPieceByPiece() throws InterruptedException {
        StringBuilder text = new StringBuilder();
        int pieces = 0;
        Generation generation = shapes.generate(about("two-shapes.png", greedy(INVENTORY)));
        for (Optional<Delta> next = generation.next(); next.isPresent(); next = generation.next()) {
            text.append(next.get().text());
            pieces++;
        }

        assertThat(generation.await().text()).isEqualTo(text.toString());
        assertThat(pieces).isGreaterThan(20);
    }

    @Test
    void tellsNothingOfAnotherClientsAnswer() throws InterruptedException {
        ChatRequest own = about("two-shapes.png", greedy(INVENTORY));
        // Afterwards the prompt is known, which takes one step less.
        shapes.generate(own).await();
        Usage afterTheSame = shapes.generate(own).await().usage();

        shapes.generate(about("one-shape.png", greedy(INVENTORY))).await();
        Usage afterAnother = shapes.generate(own).await().usage();

        assertThat(afterAnother).isEqualTo(afterTheSame);
    }

    @Test
    void givesEachOfSeveralAnswersTheForm() throws InterruptedException, IOException {
        List<Generation> three = random.generate(hello(sampled(INVENTORY, 3).maxTokens(200)), 3);

        Set<String> texts = new TreeSet<>();
        for (Generation generation : three) {
            Completion completion = generation.await();
            texts.add(completion.text());
            assertThat(completion.finishReason()).isEqualTo(FinishReason.STOP);
            assertThat(MAPPER.readTree(completion.text()).at("/background").asText())
                    .isNotEmpty();
        }
        assertThat(texts).hasSize(3);
    }

    private static SamplingOptions.Builder sampled(AnswerFormat format, long seed) {
        return SamplingOptions.builder()
                .temperature(1.5)
                .topK(0)
                .topP(1.0)
                .seed(seed)
                .format(format);
    }

    @Test
    void reportsHowLikelyTokensWereWithoutTheForm() throws InterruptedException {
        Completion free = shapes.generate(hello(greedy(null).topLogprobs(3))).await();

        Completion formed =
                shapes.generate(hello(greedy(YES_OR_NO).topLogprobs(3))).await();

        assertThat(formed.logprobs()).hasSameSizeAs(formed.tokenIds());
        assertThat(formed.logprobs().get(0).top())
                .extracting(TokenLogprob::id)
                .containsExactlyElementsOf(free.logprobs().get(0).top().stream()
                        .map(TokenLogprob::id)
                        .toList());
        assertThat(formed.logprobs().get(0).logprob())
                .isLessThan(free.logprobs().get(0).logprob());
    }

    @Test
    void stopsAtAStopTextWithinTheForm() throws InterruptedException {
        Completion completion = shapes.generate(
                        about("two-shapes.png", greedy(INVENTORY).stop(List.of("shape"))))
                .await();

        assertThat(completion.text()).isEqualTo("{\"objects\": [{\"color\": \"orange\", \"");
        assertThat(completion.finishReason()).isEqualTo(FinishReason.STOP);
    }

    @Test
    void endsWhereTheFormEndsHoweverLongTheAnswerWasToBe() throws InterruptedException {
        Completion longer =
                shapes.generate(hello(greedy(YES_OR_NO).minTokens(50))).await();
        Completion endless =
                shapes.generate(hello(greedy(YES_OR_NO).ignoreEos(true))).await();

        assertThat(longer.text()).isIn("yes", "no");
        assertThat(endless.text()).isEqualTo(longer.text());
        assertThat(endless.finishReason()).isEqualTo(FinishReason.STOP);
    }

    @Test
    void goesOnAsLongAsTheFormLetsWhereTheAnswerWasToBeLonger() throws InterruptedException {
        AnswerFormat either = new AnswerFormat.Choice("guided_choice", List.of("a", "aaaaaaaaaa"));

        Completion shortest =
                random.generate(hello(greedy(either).badWords(List.of("aa")))).await();
        Completion longest =
                random.generate(hello(greedy(either).ignoreEos(true))).await();

        assertThat(shortest.text()).isIn("a", "aaaaaaaaaa");
        assertThat(longest.text()).isEqualTo("aaaaaaaaaa");
    }

    @Test
    void refusesAFormThatLeavesNoneOfTheAllowedTokens() {
        Generation generation = random.generate(hello(greedy(YES_OR_NO).allowedTokenIds(List.of(1010, 1012))));

        assertThatThrownBy(generation::await)
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("allowed_token_ids leave no token to choose: the form that the answer must have, bad_words,"
                        + " min_tokens and stop_token_ids forbid all of them. Allow more");
    }

    @Test
    void choosesOnlyAllowedTokensThatTheFormAllows() throws InterruptedException {
        for (String word : List.of("yes", "no")) {
            List<Integer> ids = Arrays.stream(random.tokenizer().encode(word, false))
                    .boxed()
                    .toList();

            Completion completion = random.generate(hello(greedy(YES_OR_NO).allowedTokenIds(ids)))
                    .await();

            assertThat(completion.text()).isEqualTo(word);
        }
    }

    @Test
    void givesWhatIsAddedToATurnTheForm() throws InterruptedException {
        List<Message> begun = List.of(Message.of(Role.USER, "Hello"), Message.of(Role.ASSISTANT, "I say: "));

        Completion completion = shapes.generate(new ChatRequest(
                        begun,
                        Tools.NONE,
                        Continuation.LAST_TURN,
                        greedy(YES_OR_NO).build(),
                        null))
                .await();

        assertThat(completion.text()).isIn("yes", "no");
    }

    @Test
    void isCutByItsLength() throws InterruptedException {
        Completion completion = shapes.generate(
                        about("two-shapes.png", greedy(INVENTORY).maxTokens(5)))
                .await();

        assertThat(completion.finishReason()).isEqualTo(FinishReason.LENGTH);
        assertThat(completion.text()).as("%s", completion.tokenIds()).startsWith("{\"objects\": [{");
    }

    @Test
    void endsInTimeWhereverThatIsPossible() throws InterruptedException, IOException {
        for (int most = 30; most < 60; most += 7) {
            Completion completion = random.generate(
                            hello(sampled(INVENTORY, most).maxTokens(most)))
                    .await();

            assertThat(completion.finishReason()).isEqualTo(FinishReason.STOP);
            assertThat(MAPPER.readTree(completion.text()).has("background")).isTrue();
        }
    }
}
