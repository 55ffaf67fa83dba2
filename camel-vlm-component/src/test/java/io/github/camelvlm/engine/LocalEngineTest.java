package io.github.camelvlm.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.camelvlm.chat.ChatRequest;
import io.github.camelvlm.chat.Completion;
import io.github.camelvlm.chat.ContextLengthException;
import io.github.camelvlm.chat.Delta;
import io.github.camelvlm.chat.EngineUnavailableException;
import io.github.camelvlm.chat.FinishReason;
import io.github.camelvlm.chat.Generation;
import io.github.camelvlm.chat.ImagePart;
import io.github.camelvlm.chat.InvalidRequestException;
import io.github.camelvlm.chat.Message;
import io.github.camelvlm.chat.Part;
import io.github.camelvlm.chat.QueueFullException;
import io.github.camelvlm.chat.Role;
import io.github.camelvlm.chat.SamplingOptions;
import io.github.camelvlm.chat.TextPart;
import io.github.camelvlm.chat.UnreadablePictureException;
import io.github.camelvlm.goldens.GoldenCase;
import io.github.camelvlm.model.Execution;
import io.github.camelvlm.model.LinearKernel;
import io.github.camelvlm.model.ModelFamilies;
import io.github.camelvlm.model.VisionLanguageModel;
import io.github.camelvlm.qwen.TeacherForcing;
import io.github.camelvlm.torch.Dtype;
import io.github.camelvlm.torch.TorchRuntime;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(120)
class LocalEngineTest {
    private final Map<Path, LocalEngine> engines = new HashMap<>();
    private LocalEngine shapes;
    private LocalEngine random;

    @BeforeAll
    void load() {
        for (Path model :
                new Path[] {GoldenCase.SHAPES_VL, GoldenCase.RANDOM_VL, GoldenCase.RANDOM_VL25, GoldenCase.RANDOM_VL3
                }) {
            engines.put(model, LocalEngine.load(Engines.options(model, "float32")));
        }
        for (Path model : GoldenCase.QUANTIZED) {
            engines.put(model, LocalEngine.load(Engines.options(model, "float32")));
        }
        shapes = engines.get(GoldenCase.SHAPES_VL);
        random = engines.get(GoldenCase.RANDOM_VL);
    }

    @AfterAll
    void close() {
        engines.values().forEach(LocalEngine::close);
    }

    private LocalEngine engine(GoldenCase golden) {
        return engines.get(golden.model());
    }

    static Stream<GoldenCase> decided() {
        return Stream.concat(GoldenCase.allWithVideos(), GoldenCase.quantized()).filter(golden -> {
            boolean isShapes = golden.model().getFileName().toString().startsWith("shapes");
            double margin = !golden.isLossy() ? 0.01 : isShapes ? 0.1 : 0.5;
            return golden.json().get("smallest_margin").asDouble() > margin;
        });
    }

    @ParameterizedTest
    @MethodSource("decided")
    void saysWhatTransformersSays(GoldenCase golden) throws InterruptedException {
        Completion completion = engine(golden).generate(Engines.greedy(golden)).await();

        assertThat(completion.text()).isEqualTo(golden.json().get("text").asText());
        assertThat(completion.tokenIds())
                .containsExactlyElementsOf(Arrays.stream(golden.ints("generated_token_ids"))
                        .boxed()
                        .toList());
        assertThat(completion.finishReason().wireName())
                .isEqualTo(golden.json().get("finish_reason").asText());
        assertThat(completion.usage().promptTokens())
                .isEqualTo(golden.json().get("prompt_tokens").asInt());
    }

    @Test
    void saysTheSameInABatchAsAlone() throws InterruptedException {
        List<GoldenCase> cases = GoldenCase.shapes().toList();
        List<Completion> alone = new ArrayList<>();
        for (GoldenCase golden : cases) {
            alone.add(shapes.generate(Engines.greedy(golden)).await());
        }

        List<Generation> together = new ArrayList<>();
        for (GoldenCase golden : cases) {
            together.add(shapes.generate(Engines.greedy(golden)));
        }

        for (int i = 0; i < cases.size(); i++) {
            assertThat(together.get(i).await().text())
                    .as(cases.get(i).name())
                    .isEqualTo(alone.get(i).text());
        }
    }

    @ParameterizedTest
    @CsvSource({"none, 0.95", "int8, 0.95", "int4, 0.90"})
    void saysWithFewerBitsWhatItSaysInFloat32NearlyAlways(String quantization, double share)
            throws InterruptedException {
        try (LocalEngine engine = LocalEngine.load(Engines.quantized(GoldenCase.SHAPES_VL, quantization))) {
            List<GoldenCase> cases = GoldenCase.shapes().toList();
            int equal = 0;
            for (GoldenCase golden : cases) {
                Completion completion = engine.generate(Engines.greedy(golden)).await();
                equal += completion.text().equals(golden.json().get("text").asText()) ? 1 : 0;
            }
            assertThat(equal / (double) cases.size()).isGreaterThanOrEqualTo(share);
        }
    }

    @Test
    void saysFromRoundedWeightsInBfloat16WhatTransformersSaysOfThemNearlyAlways() throws InterruptedException {
        List<GoldenCase> cases = GoldenCase.quantized()
                .filter(golden -> golden.model().endsWith("shapes-vl-awq"))
                .toList();
        try (LocalEngine engine = LocalEngine.load(Engines.options(cases.get(0).model(), "bfloat16"))) {
            int equal = 0;
            for (GoldenCase golden : cases) {
                Completion completion = engine.generate(Engines.greedy(golden)).await();
                equal += completion.text().equals(golden.json().get("text").asText()) ? 1 : 0;
            }
            assertThat(equal / (double) cases.size()).isGreaterThanOrEqualTo(0.95);
        }
    }

    @Test
    void drawsTheSameTokensForASeedWhateverElseRuns() throws InterruptedException {
        ChatRequest seeded = Engines.sampled(42);
        List<Integer> alone = random.generate(seeded).await().tokenIds();

        List<Generation> others = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            others.add(random.generate(Engines.sampled(i)));
        }
        List<Integer> amongOthers = random.generate(seeded).await().tokenIds();

        assertThat(amongOthers).isEqualTo(alone).hasSize(24);
        assertThat(others.get(0).await().tokenIds()).isNotEqualTo(alone);
        for (Generation other : others) {
            other.close();
        }
    }

    @Test
    void takesTheModelsOwnSamplingDefaults() throws InterruptedException {
        // Both models' generation_config.json say top_k 1, so without any option the likeliest token is chosen.
        GoldenCase golden = GoldenCase.shapes().findFirst().orElseThrow();

        Completion completion = shapes.generate(Engines.request(golden.messages(), SamplingOptions.NONE))
                .await();

        assertThat(completion.text()).isEqualTo(golden.json().get("text").asText());
    }

    @Test
    void handsOutTextAsItIsMade() throws InterruptedException {
        GoldenCase chinese = GoldenCase.shapes("chinese prompt");
        Generation generation = shapes.generate(Engines.greedy(chinese));
        StringBuilder text = new StringBuilder();
        int pieces = 0;
        for (Optional<Delta> delta = generation.next(); delta.isPresent(); delta = generation.next()) {
            assertThat(delta.get().text()).doesNotContain("\uFFFD");
            text.append(delta.get().text());
            pieces++;
        }

        assertThat(text.toString()).isEqualTo(chinese.json().get("text").asText());
        assertThat(generation.await().text()).isEqualTo(text.toString());
        assertThat(pieces).isGreaterThan(5);
    }

    @Test
    void cutsBeforeAStopText() throws InterruptedException {
        GoldenCase golden = GoldenCase.shapes().findFirst().orElseThrow();

        Completion completion = shapes.generate(Engines.request(
                        golden.messages(),
                        SamplingOptions.builder()
                                .stop(List.of("on a wh", "not in it"))
                                .build()))
                .await();

        // "A small yellow diamond on a white background."
        assertThat(completion.text()).isEqualTo("A small yellow diamond ");
        assertThat(completion.finishReason()).isEqualTo(FinishReason.STOP);
    }

    @Test
    void reportsLogProbabilitiesOnlyWhereAsked() throws InterruptedException {
        GoldenCase golden = GoldenCase.shapes().findFirst().orElseThrow();
        SamplingOptions asked = SamplingOptions.builder().topLogprobs(5).build();

        Generation with = shapes.generate(Engines.request(golden.messages(), asked));
        Generation without = shapes.generate(Engines.request(golden.messages(), SamplingOptions.NONE));

        Completion completion = with.await();
        assertThat(completion.logprobs()).hasSameSizeAs(completion.tokenIds());
        for (int i = 0; i < completion.logprobs().size(); i++) {
            var expected = golden.json().get("logprobs").get(i);
            var actual = completion.logprobs().get(i);
            assertThat(actual.id()).isEqualTo(expected.get("id").asInt());
            assertThat(actual.logprob()).isCloseTo(expected.get("logprob").asDouble(), Offset.offset(2e-3));
            assertThat(actual.top()).hasSize(5);
            assertThat(actual.top().get(0).id())
                    .isEqualTo(expected.get("top").get(0).get(0).asInt());
        }
        assertThat(without.await().logprobs()).isEmpty();
    }

    @Test
    void penalizesWhatTheAnswerHolds() throws InterruptedException {
        Completion penalized = random.generate(Engines.request(
                        List.of(Message.of(Role.USER, "Say anything.")),
                        SamplingOptions.builder()
                                .temperature(0.0)
                                .maxTokens(60)
                                .frequencyPenalty(2.0)
                                .presencePenalty(1.0)
                                .topLogprobs(20)
                                .build()))
                .await();

        // Log-probabilities differ from logits by a constant, so the penalized choice can be made again from them.
        int[] counts = new int[2000];
        for (var token : penalized.logprobs()) {
            double best = Double.NEGATIVE_INFINITY;
            int choice = -1;
            for (var candidate : token.top()) {
                double value =
                        candidate.logprob() - 2.0 * counts[candidate.id()] - (counts[candidate.id()] > 0 ? 1.0 : 0.0);
                if (value > best) {
                    best = value;
                    choice = candidate.id();
                }
            }
            assertThat(token.id()).isEqualTo(choice);
            counts[choice]++;
        }
        assertThat(new HashSet<>(penalized.tokenIds())).hasSizeGreaterThan(5);
    }

    @Test
    void endsAsCancelled() throws InterruptedException {
        Generation generation = shapes.generate(Engines.endless(3500));
        generation.next();

        generation.cancel();

        assertThat(generation.await().finishReason()).isEqualTo(FinishReason.CANCELLED);
    }

    @Test
    void decodesNoPictureThatNobodyWaitsFor() throws InterruptedException {
        ChatRequest request = Engines.greedy(GoldenCase.shapes("describe one-shape.png"));
        CompletableFuture<Void> left = CompletableFuture.completedFuture(null);

        assertThatThrownBy(() -> shapes.generate(request, 1, left))
                .isInstanceOf(UnreadablePictureException.class)
                .hasMessage("picture one-shape.png was not decoded: its request was cancelled");
        assertThat(shapes.generate(request).await().finishReason()).isEqualTo(FinishReason.STOP);
    }

    @Test
    void answersAllWhateverAListenerThrows() throws InterruptedException {
        List<Generation> together = List.of(
                shapes.generate(Engines.endless(200)),
                shapes.generate(Engines.endless(200)),
                shapes.generate(Engines.endless(200)));
        Thread reader = Thread.currentThread();

        together.get(1).onProgress(() -> {
            if (Thread.currentThread() != reader) {
                throw new IllegalStateException("a listener's own fault");
            }
        });

        for (Generation generation : together) {
            assertThat(generation.await().tokenIds()).hasSize(200);
        }
        assertThat(shapes.isReady()).isTrue();
    }

    @Test
    void endsAtItsTimeLimitWithWhatItHas() throws InterruptedException {
        ChatRequest endless = Engines.endless(3500);

        Completion completion = shapes.generate(
                        new ChatRequest(endless.messages(), endless.sampling(), Duration.ofMillis(150)))
                .await();

        assertThat(completion.finishReason()).isEqualTo(FinishReason.TIME_LIMIT);
        assertThat(completion.usage().completionTokens()).isLessThan(3500);
    }

    @Test
    void endsAtItsLength() throws InterruptedException {
        Completion completion = shapes.generate(Engines.endless(9)).await();

        assertThat(completion.finishReason()).isEqualTo(FinishReason.LENGTH);
        assertThat(completion.tokenIds()).hasSize(9);
    }

    @Test
    void endsWhereTheContextEnds() throws InterruptedException {
        try (LocalEngine small = LocalEngine.load(Engines.options(GoldenCase.SHAPES_VL, "float32", 64, 1, 0))) {
            Completion completion = small.generate(Engines.endless(1000)).await();

            assertThat(completion.finishReason()).isEqualTo(FinishReason.LENGTH);
            assertThat(completion.usage().totalTokens()).isEqualTo(64);
        }
    }

    @Test
    void prefillsALongPromptInChunksToTheSameEnd() throws InterruptedException {
        // Four pictures of 391 tokens: the first chunk ends within the third.
        List<Part> parts = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            parts.add(new ImagePart(GoldenCase.picture("photo.jpg")));
        }
        parts.add(new TextPart("What is this?"));
        ChatRequest request = Engines.request(
                List.of(new Message(Role.USER, parts)),
                SamplingOptions.builder()
                        .temperature(0.0)
                        .maxTokens(8)
                        .topLogprobs(0)
                        .build());

        Completion completion = random.generate(request).await();

        assertThat(completion.usage().promptTokens()).isGreaterThan(Scheduler.MAX_PREFILL_TOKENS + 391);
        double[] inOneStep = inOneStep(request, completion.tokenIds());
        for (int i = 0; i < inOneStep.length; i++) {
            assertThat(completion.logprobs().get(i).logprob()).isCloseTo(inOneStep[i], Offset.offset(2e-3));
        }
    }

    private static double[] inOneStep(ChatRequest request, List<Integer> tokens) {
        TorchRuntime.prepareThread(1);
        try (VisionLanguageModel model =
                ModelFamilies.load(GoldenCase.RANDOM_VL, new Execution("cpu", Dtype.FLOAT32, LinearKernel.PLAIN))) {
            model.program().allocate(4096);
            return TeacherForcing.logprobs(
                    model.program(),
                    model.words().promptCompiler(4096, 64_000_000).compile(request.messages()),
                    tokens.stream().mapToInt(Integer::intValue).toArray());
        }
    }

    @Test
    void refusesAPromptLongerThanTheContext() {
        ChatRequest request =
                Engines.request(List.of(Message.of(Role.USER, "word ".repeat(5000))), SamplingOptions.NONE);

        assertThatThrownBy(() -> shapes.generate(request))
                .isInstanceOf(ContextLengthException.class)
                .hasMessageContaining("4096")
                .hasMessageContaining("Shorten the text");
    }

    @Test
    void refusesABiasOfAnIdThatIsNoToken() {
        ChatRequest request = Engines.request(
                List.of(Message.of(Role.USER, "Hello")),
                SamplingOptions.builder().logitBias(Map.of(5000, 1.0)).build());

        assertThatThrownBy(() -> shapes.generate(request))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("logit_bias must name token ids from 0 to 1023, but names 5000");
    }

    @Test
    void refusesWhatTheQueueDoesNotHoldAndTakesRequestsAgainAfterwards() throws InterruptedException {
        try (LocalEngine small = LocalEngine.load(Engines.options(GoldenCase.SHAPES_VL, "float32", 0, 1, 1))) {
            Generation running = small.generate(Engines.endless(3000));
            Generation waiting = small.generate(Engines.endless(3));

            assertThatThrownBy(() -> small.generate(Engines.endless(3)))
                    .isInstanceOf(QueueFullException.class)
                    .hasMessageContaining("queueLength");

            running.cancel();
            assertThat(waiting.await().finishReason()).isEqualTo(FinishReason.LENGTH);
            assertThat(small.generate(Engines.endless(3)).await().tokenIds()).hasSize(3);
        }
    }

    @Test
    void endsRunningAndWaitingRequestsWhenItIsClosed() {
        LocalEngine closing = LocalEngine.load(Engines.options(GoldenCase.SHAPES_VL, "float32", 0, 1, 4));
        Generation running = closing.generate(Engines.endless(3000));
        Generation waiting = closing.generate(Engines.endless(3000));

        closing.close();

        assertThatThrownBy(running::await).isInstanceOf(EngineUnavailableException.class);
        assertThatThrownBy(waiting::await).isInstanceOf(EngineUnavailableException.class);
        assertThatThrownBy(() -> closing.generate(Engines.endless(3))).isInstanceOf(EngineUnavailableException.class);
    }

    @Test
    void keepsSpecialTokensOutOfTheText() throws InterruptedException {
        GoldenCase boxes = GoldenCase.shapes("detect");

        Completion completion = shapes.generate(Engines.greedy(boxes)).await();

        assertThat(completion.text())
                .doesNotContain("<|")
                .isEqualTo(boxes.json().get("text").asText());
        assertThat(boxes.json().get("text_with_special_tokens").asText()).contains("<|box_start|>");
        assertThat(Set.copyOf(completion.tokenIds())).contains(1015);
    }
}
