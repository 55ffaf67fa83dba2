package io.github.camelvlm.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelvlm.chat.AnswerFormat;
import io.github.camelvlm.chat.ChatRequest;
import io.github.camelvlm.chat.Completion;
import io.github.camelvlm.chat.EngineStatistics;
import io.github.camelvlm.chat.Generation;
import io.github.camelvlm.chat.ImagePart;
import io.github.camelvlm.chat.Message;
import io.github.camelvlm.chat.Part;
import io.github.camelvlm.chat.Role;
import io.github.camelvlm.chat.SamplingOptions;
import io.github.camelvlm.chat.TextPart;
import io.github.camelvlm.goldens.GoldenCase;
import io.github.camelvlm.model.ModelProgram;
import io.github.camelvlm.model.Step;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tokens that ride along: they change the number of steps and nothing else. */
@Timeout(120)
class SpeculationTest {

    /** An engine with and one without, asked the same. */
    private static final class Pair implements AutoCloseable {
        private final LocalEngine with;
        private final LocalEngine without;
        private FailingProgram program;

        Pair(Path model, String dtype) {
            EngineOptions options = Engines.options(model, dtype);
            with = LocalEngine.load(options, inner -> program = new FailingProgram(inner));
            without = LocalEngine.load(Engines.withoutSpeculation(options));
        }

        Pair(LocalEngine with, LocalEngine without) {
            this.with = with;
            this.without = without;
        }

        /** Asks both for two answers each, so many requests at once, and returns what they said. */
        List<Completion> same(List<ChatRequest> requests, int atOnce) throws InterruptedException {
            List<Completion> said = new ArrayList<>();
            for (int start = 0; start < requests.size(); start += atOnce) {
                List<ChatRequest> some = requests.subList(start, Math.min(requests.size(), start + atOnce));
                List<Completion> one = all(with, some);
                List<Completion> other = all(without, some);
                for (int i = 0; i < one.size(); i++) {
                    assertThat(told(one.get(i))).as("%s", some.get(i / 2)).isEqualTo(told(other.get(i)));
                }
                said.addAll(one);
            }
            return said;
        }

        private static List<Completion> all(LocalEngine engine, List<ChatRequest> requests)
                throws InterruptedException {
            List<Generation> begun = new ArrayList<>();
            for (ChatRequest request : requests) {
                begun.addAll(engine.generate(request, 2));
            }
            List<Completion> ended = new ArrayList<>();
            for (Generation generation : begun) {
                ended.add(generation.await());
            }
            return ended;
        }

        private static List<Object> told(Completion completion) {
            return List.of(
                    completion.tokenIds(),
                    completion.text(),
                    completion.finishReason(),
                    completion.usage().completionTokens(),
                    completion.logprobs().stream()
                            .map(token -> token.top().stream()
                                    .map(top -> top.id())
                                    .limit(1)
                                    .toList())
                            .toList());
        }

        /** The steps that the engine with them takes for one request, but for those of the prompt. */
        int steps(ChatRequest request) throws InterruptedException {
            int before = program.made(FailingProgram.Call.STEP);
            with.generate(request).await();
            return program.made(FailingProgram.Call.STEP) - before;
        }

        @Override
        public void close() {
            try (with) {
                without.close();
            }
        }
    }

    static Stream<Path> models() {
        return Stream.of(
                GoldenCase.SHAPES_VL,
                GoldenCase.SHAPES_TOOLS,
                GoldenCase.RANDOM_VL,
                GoldenCase.RANDOM_VL25,
                GoldenCase.RANDOM_VL3);
    }

    @ParameterizedTest
    @MethodSource("models")
    void answersAllGoldensTheSame(Path model) throws InterruptedException {
        List<ChatRequest> requests = Stream.concat(GoldenCase.allWithVideos(), GoldenCase.tools())
                .filter(golden -> golden.model().equals(model))
                .map(Engines::greedy)
                .toList();
        try (Pair pair = new Pair(model, "float32")) {
            pair.same(requests, 1);
            pair.same(requests, 5);
        }
    }

    @Test
    void answersAThousandSampledRequestsTheSame() throws InterruptedException {
        List<ChatRequest> requests = new ArrayList<>();
        SplittableRandom random = new SplittableRandom(5);
        for (int i = 0; i < 1000; i++) {
            requests.add(sampled(i, random, SamplingOptions.builder()));
        }
        try (Pair pair = new Pair(GoldenCase.RANDOM_VL, "float32")) {
            pair.same(requests.subList(0, 100), 1);
            pair.same(requests.subList(100, 1000), 7);

            EngineStatistics statistics = pair.with.statistics();
            assertThat(statistics.acceptedTokens()).isGreaterThan(1000);
            assertThat(statistics.draftTokens()).isGreaterThan(statistics.acceptedTokens());
            assertThat(pair.without.statistics().draftTokens()).isZero();
        }
    }

    /** A request with some of all that changes a choice, made to repeat itself often. */
    private static ChatRequest sampled(long seed, SplittableRandom random, SamplingOptions.Builder options) {
        options.seed(seed)
                .temperature(random.nextInt(4) == 0 ? 0 : random.nextDouble(0.05, 1.0))
                .topK(random.nextInt(3) == 0 ? random.nextInt(1, 20) : 0)
                .topP(random.nextInt(3) == 0 ? random.nextDouble(0.2, 1.0) : 1.0)
                .minP(random.nextInt(5) == 0 ? 0.1 : 0.0)
                .maxTokens(random.nextInt(1, 40));
        AnswerFormat form = options.build().format();
        int which = random.nextInt(10);
        if (which == 0) {
            options.repetitionPenalty(1.1);
        } else if (which == 1) {
            options.presencePenalty(0.3).frequencyPenalty(0.1);
        } else if (which == 2) {
            options.minTokens(10).maxTokens(30);
        } else if (which == 3 && (form == null || form instanceof AnswerFormat.Choice)) {
            options.badWords(List.of("a", "the", "e"));
        } else if (which == 4) {
            options.topLogprobs(2);
        } else if (which == 5) {
            options.stop(List.of("e", "an"));
        } else if (which == 6 && form == null) {
            options.allowedTokenIds(List.of(5, 6, 7, 1010, 1012));
        } else {
            // Few tokens that are far likelier than others, so that they come again and again.
            int first = random.nextInt(900);
            options.logitBias(Map.of(first, 60.0, first + 1, 60.0, first + 2, 59.5));
        }
        return Engines.request(List.of(Message.of(Role.USER, "go on and on and on and")), options.build());
    }

    static Stream<AnswerFormat> forms() {
        return Stream.of(
                new AnswerFormat.Choice(
                        "guided_choice",
                        List.of("a red circle", "a red square", "a blue circle", "b", "bb", "bbb and so on")),
                new AnswerFormat.Regex("guided_regex", "(a red|a blue) (circle|square)( and (one|two) more){0,9}"),
                new AnswerFormat.Json("guided_json", """
                        {"type": "object", "properties": {"background": {"enum": ["white", "black"]},
                        "count": {"type": "integer", "minimum": 0, "maximum": 99}, "note": {"type": "string", "maxLength": 5}},
                        "required": ["background", "count", "note"], "additionalProperties": false}"""));
    }

    @ParameterizedTest
    @MethodSource("forms")
    void answersInAFormTheSame(AnswerFormat form) throws InterruptedException {
        SplittableRandom random = new SplittableRandom(8);
        List<ChatRequest> requests = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            requests.add(sampled(i, random, SamplingOptions.builder().format(form)));
        }
        try (Pair pair = new Pair(GoldenCase.RANDOM_VL, "float32")) {
            pair.same(requests.subList(0, 50), 1);
            pair.same(requests.subList(50, 200), 7);

            assertThat(pair.with.statistics().acceptedTokens()).isGreaterThan(150);
        }
    }

    /** Fails on the steps of several sequences in which tokens ride along, so that each runs by itself. */
    private static ModelProgram failingTogether(ModelProgram inner, AtomicInteger failures) {
        return (ModelProgram) Proxy.newProxyInstance(
                ModelProgram.class.getClassLoader(),
                new Class<?>[] {ModelProgram.class},
                (proxy, method, arguments) -> {
                    if (method.getName().equals("step")) {
                        Step step = (Step) arguments[0];
                        long sequences =
                                Arrays.stream(step.tokens().slots()).distinct().count();
                        if (sequences > 1 && step.choices().how().size() > sequences) {
                            failures.incrementAndGet();
                            throw new IllegalStateException("together");
                        }
                    }
                    return method.invoke(inner, arguments);
                });
    }

    @Test
    void answersTheSameThoughStepsFailAndRunOneByOne() throws InterruptedException {
        AtomicInteger failures = new AtomicInteger();
        EngineOptions options = Engines.options(GoldenCase.RANDOM_VL, "float32");
        SplittableRandom random = new SplittableRandom(3);
        List<ChatRequest> requests = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            requests.add(sampled(i, random, SamplingOptions.builder()));
        }
        try (Pair pair = new Pair(
                LocalEngine.load(options, inner -> failingTogether(inner, failures)),
                LocalEngine.load(Engines.withoutSpeculation(options)))) {
            pair.same(requests, 4);

            assertThat(failures).hasPositiveValue();
        }
    }

    @Test
    void readsWhatStandsInThePromptInFewerSteps() throws InterruptedException {
        try (Pair pair = new Pair(GoldenCase.SHAPES_VL, "float32")) {
            List<Part> picture = List.of(
                    new ImagePart(GoldenCase.picture("three-shapes.jpg")), new TextPart("Describe this image."));
            String text = GoldenCase.shapes("describe three-shapes.jpg").text("text");
            ChatRequest again = Engines.request(
                    List.of(
                            new Message(Role.USER, picture),
                            Message.of(Role.ASSISTANT, text),
                            new Message(Role.USER, picture)),
                    SamplingOptions.builder().temperature(0.0).maxTokens(64).build());

            Completion completion = pair.same(List.of(again), 1).get(0);
            int steps = pair.steps(again);

            assertThat(text).startsWith(completion.text().substring(0, 30));
            assertThat(steps)
                    .isLessThanOrEqualTo((int) (0.7 * completion.usage().completionTokens()));
            assertThat(completion.usage().acceptedTokens()).isPositive();
        }
    }

    @Test
    void takesNoMoreStepsForACaption() throws InterruptedException {
        try (Pair pair = new Pair(GoldenCase.SHAPES_VL, "float32")) {
            for (GoldenCase golden : GoldenCase.shapes().limit(18).toList()) {
                Completion completion =
                        pair.with.generate(Engines.greedy(golden)).await();

                assertThat(pair.steps(Engines.greedy(golden)))
                        .isLessThanOrEqualTo(completion.usage().completionTokens());
            }
        }
    }
}
