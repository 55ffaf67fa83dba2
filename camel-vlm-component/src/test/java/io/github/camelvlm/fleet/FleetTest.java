package io.github.camelvlm.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.camelvlm.chat.AnswerFormat;
import io.github.camelvlm.chat.ChatRequest;
import io.github.camelvlm.chat.EngineUnavailableException;
import io.github.camelvlm.chat.Generation;
import io.github.camelvlm.chat.ModelInfo;
import io.github.camelvlm.chat.ModelLoadException;
import io.github.camelvlm.chat.ModelNotServedException;
import io.github.camelvlm.chat.ModelPresence;
import io.github.camelvlm.chat.QueueFullException;
import io.github.camelvlm.chat.VlmEngine;
import io.github.camelvlm.chat.VlmException;
import io.github.camelvlm.engine.EngineOptions;
import io.github.camelvlm.engine.Forecast;
import io.github.camelvlm.engine.LocalEngine;
import io.github.camelvlm.goldens.GoldenCase;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Several real models that share a memory of a size that the tests set. */
@Timeout(120)
class FleetTest {
    private static final Map<String, GoldenCase> GOLDENS = Map.of(
            "shapes-vl", GoldenCase.shapes("describe two-shapes.png"),
            "random-vl", withoutPicture(GoldenCase.random()),
            "random-vl25",
                    withoutPicture(
                            GoldenCase.all().filter(golden -> golden.model().equals(GoldenCase.RANDOM_VL25))));

    /** A model in its directory, whose loading a test may hold up or make fail. */
    private static final class Source implements ModelSource {
        private final EngineOptions options;
        private final CountDownLatch begun = new CountDownLatch(1);
        private volatile CountDownLatch gate = new CountDownLatch(0);
        private volatile Throwable failure;
        private volatile boolean isUntold;

        Source(Path model, Map<String, Path> adapters, int maxSequences) {
            options = Fleets.options(model, adapters, maxSequences);
        }

        @Override
        public String name() {
            return options.name();
        }

        @Override
        public ModelInfo info() {
            return Forecast.of(options).info();
        }

        @Override
        public Optional<Map<String, Long>> foreseen() {
            return Optional.of(need());
        }

        @Override
        public Map<String, Long> need() {
            Forecast forecast = Forecast.of(options);
            return Map.of(forecast.device(), forecast.bytes());
        }

        long bytes() {
            return need().get("cpu");
        }

        @Override
        public void requireServed(AnswerFormat format) {
            Forecast.requireServed(format);
        }

        @Override
        public VlmEngine load() {
            begun.countDown();
            try {
                gate.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            Throwable now = failure;
            failure = null;
            if (now instanceof Error error) {
                throw error;
            } else if (now != null) {
                throw (RuntimeException) now;
            }
            return isUntold ? untold(LocalEngine.load(options)) : LocalEngine.load(options);
        }
    }

    /** The same engine, which has no memory to tell what it has done once it is closed. */
    private static VlmEngine untold(VlmEngine engine) {
        AtomicBoolean isClosed = new AtomicBoolean();
        return (VlmEngine) Proxy.newProxyInstance(
                FleetTest.class.getClassLoader(), new Class<?>[] {VlmEngine.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("statistics") && isClosed.get()) {
                        throw new OutOfMemoryError("Java heap space");
                    }
                    try {
                        return method.invoke(engine, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    } finally {
                        isClosed.compareAndSet(false, method.getName().equals("close"));
                    }
                });
    }

    /** All three take about the same. */
    private final Source shapes = new Source(GoldenCase.SHAPES_VL, Map.of(), 2);

    private final Source random =
            new Source(GoldenCase.RANDOM_VL, Map.of("random-vl/text", GoldenCase.ADAPTERS.resolve("adapter-text")), 8);
    private final Source random25 = new Source(GoldenCase.RANDOM_VL25, Map.of(), 8);
    private final ExecutorService clients = Executors.newCachedThreadPool();
    private Fleet fleet;

    private static GoldenCase withoutPicture(Stream<GoldenCase> cases) {
        return cases.filter(golden -> golden.name().equals("no image"))
                .findFirst()
                .orElseThrow();
    }

    private void start(Duration idle, long memory) {
        fleet = Fleet.open(
                new RoomOptions("demand", idle, memory, 16),
                device -> Long.MAX_VALUE / 2,
                List.of(shapes, random, random25));
    }

    private long roomForTheLargest() {
        return Stream.of(shapes, random, random25)
                .mapToLong(Source::bytes)
                .max()
                .orElseThrow();
    }

    @AfterEach
    void close() {
        clients.shutdownNow();
        if (fleet != null) {
            fleet.close();
        }
    }

    private static ChatRequest question(String model) {
        return Fleets.greedy(GOLDENS.get(model)).withAdapter(model);
    }

    private String ask(String model) throws InterruptedException {
        return fleet.generate(question(model)).await().text();
    }

    private void assertAnswers(String model) throws InterruptedException {
        assertThat(ask(model)).isEqualTo(GOLDENS.get(model).text("text"));
    }

    private ModelPresence presence(String model) {
        return fleet.of(model).presence();
    }

    private List<String> loaded() {
        return fleet.models().stream()
                .filter(model -> model.presence().isLoaded())
                .map(VlmEngine::model)
                .toList();
    }

    private static Throwable failure(Future<?> future) {
        try {
            future.get();
        } catch (ExecutionException e) {
            return e.getCause();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        throw new AssertionError("It did not fail");
    }

    @Test
    void loadsAModelWhenItIsAskedFor() throws Exception {
        start(Duration.ZERO, 0);
        assertThat(loaded()).isEmpty();
        assertThat(fleet.isReady()).isTrue();

        assertAnswers("random-vl");

        assertThat(loaded()).containsExactly("random-vl");
        assertThat(presence("random-vl").loads()).isEqualTo(1);
    }

    @Test
    void asksTheFirstWhereARequestChoosesNone() throws Exception {
        start(Duration.ZERO, 0);
        ChatRequest request = question("shapes-vl").withAdapter(null);

        assertThat(fleet.generate(request).await().text())
                .isEqualTo(GOLDENS.get("shapes-vl").text("text"));
        assertThat(fleet.startingWith("random-vl")
                        .generate(question("random-vl").withAdapter(null))
                        .await()
                        .model())
                .isEqualTo("random-vl");
        assertThatThrownBy(() -> fleet.generate(request.withAdapter("other")))
                .isInstanceOf(ModelNotServedException.class)
                .hasMessage(
                        "The model \"other\" is not served here: ask for shapes-vl or random-vl or random-vl/text or"
                                + " random-vl25");
    }

    @Test
    void asksTheAdapterOfAModel() throws Exception {
        start(Duration.ZERO, 0);
        GoldenCase adapted = withoutPicture(GoldenCase.adapted("adapter-text"));

        var answer = fleet.generate(Fleets.greedy(adapted).withAdapter("random-vl/text"))
                .await();

        assertThat(answer.text()).isEqualTo(adapted.text("text"));
        assertThat(answer.model()).isEqualTo("random-vl/text");
        assertThat(loaded()).containsExactly("random-vl");
    }

    @Test
    void unloadsAModelThatIsNotAskedForAnyMore() throws Exception {
        start(Duration.ofMillis(50), 0);
        int tokens = fleet.generate(question("random-vl")).await().usage().completionTokens();

        Fleets.await("the model is unloaded", () -> !presence("random-vl").isLoaded());

        assertThat(presence("random-vl").unloads()).isEqualTo(1);
        assertThat(fleet.statistics().completionTokens()).isEqualTo(tokens).isPositive();
        assertAnswers("random-vl");
        assertThat(presence("random-vl").loads()).isEqualTo(2);
    }

    @Test
    void makesRoomByTheModelThatWasAskedLongestAgo() throws Exception {
        start(Duration.ZERO, shapes.bytes() + random.bytes() + random25.bytes() - 1);
        assertAnswers("shapes-vl");
        assertAnswers("random-vl");
        assertAnswers("shapes-vl");

        assertAnswers("random-vl25");

        assertThat(loaded()).containsExactly("shapes-vl", "random-vl25");
    }

    @Test
    void keepsAModelUntilItsRequestsHaveEnded() throws Exception {
        start(Duration.ofMillis(1), roomForTheLargest());
        Generation running = fleet.generate(Fleets.endless(1500));
        assertThat(running.next()).isPresent();
        Future<String> other = clients.submit(() -> ask("random-vl"));

        assertThat(running.await().tokenIds()).hasSize(1500);
        assertThat(other.get()).isEqualTo(GOLDENS.get("random-vl").text("text"));
        assertThat(presence("shapes-vl").unloads()).isEqualTo(1);
    }

    @Test
    void answersAllOfManyThatAskForThreeModelsWithRoomForOne() throws Exception {
        start(Duration.ZERO, roomForTheLargest());
        List<String> models = List.copyOf(GOLDENS.keySet());
        List<Future<String>> answers = new ArrayList<>();
        for (int i = 0; i < 48; i++) {
            String model = models.get(i % models.size());
            answers.add(clients.submit(() -> {
                while (true) {
                    try {
                        return ask(model);
                    } catch (QueueFullException e) {
                        Thread.onSpinWait();
                    }
                }
            }));
        }

        for (int i = 0; i < answers.size(); i++) {
            String model = models.get(i % models.size());
            assertThat(answers.get(i).get()).isEqualTo(GOLDENS.get(model).text("text"));
        }
        assertThat(loaded()).hasSize(1);
        assertThat(fleet.models()).allSatisfy(model -> {
            ModelPresence presence = model.presence();
            assertThat(presence.loads() - presence.unloads()).isEqualTo(presence.isLoaded() ? 1 : 0);
            assertThat(presence.failures()).isZero();
        });
    }

    /** One of many clients: some leave, some have little time, some ask for several answers, some make the loading fail. */
    private void askSomehow(Random random, List<String> models) throws InterruptedException {
        ChatRequest request = question(models.get(random.nextInt(models.size())));
        CompletableFuture<Void> gone = new CompletableFuture<>();
        try {
            if (random.nextInt(4) == 0) {
                request = request.withTimeLimit(Duration.ofMillis(1 + random.nextInt(40)));
            }
            if (random.nextInt(4) == 0) {
                gone.completeOnTimeout(null, random.nextInt(40), TimeUnit.MILLISECONDS);
            }
            if (random.nextInt(20) == 0) {
                shapes.failure = new OutOfMemoryError("Java heap space");
            }
            for (Generation generation : fleet.generate(request, 1 + random.nextInt(2), gone)) {
                generation.await();
            }
        } catch (VlmException e) {
            // A failure of another client's making, a lack of time, or a full queue.
        }
    }

    @Test
    void holdsNoModelForClientsThatHaveGone() throws Exception {
        start(Duration.ofMillis(1), roomForTheLargest());
        List<String> models = List.copyOf(GOLDENS.keySet());
        List<Future<?>> all = new ArrayList<>();
        for (int client = 0; client < 12; client++) {
            Random random = new Random(client);
            all.add(clients.submit(() -> {
                for (int i = 0; i < 12; i++) {
                    askSomehow(random, models);
                }
                return null;
            }));
        }
        for (Future<?> each : all) {
            each.get();
        }

        Fleets.await("all are unloaded", () -> loaded().isEmpty());
        assertThat(fleet.statistics().waiting()).isZero();
        shapes.failure = null;
        for (String model : models) {
            assertAnswers(model);
        }
    }

    @Test
    void loadsOnceForAllThatWait() throws Exception {
        start(Duration.ZERO, 0);
        random.gate = new CountDownLatch(1);
        List<Future<String>> waiting = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            waiting.add(clients.submit(() -> ask("random-vl")));
        }
        random.begun.await();

        random.gate.countDown();

        for (Future<String> each : waiting) {
            assertThat(each.get()).isEqualTo(GOLDENS.get("random-vl").text("text"));
        }
        assertThat(presence("random-vl").loads()).isEqualTo(1);
    }

    @Test
    void answersByModelsThatAreLoadedWhileAnotherIsBeingLoaded() throws Exception {
        start(Duration.ZERO, 0);
        assertAnswers("shapes-vl");
        random.gate = new CountDownLatch(1);
        Future<String> waiting = clients.submit(() -> ask("random-vl"));
        random.begun.await();

        assertAnswers("shapes-vl");

        assertThat(waiting).isNotDone();
        random.gate.countDown();
        waiting.get();
    }

    private void failsForAllThatWait(Throwable thrown, String message) throws Exception {
        start(Duration.ZERO, 0);
        assertAnswers("shapes-vl");
        random.gate = new CountDownLatch(1);
        random.failure = thrown;
        List<Future<String>> waiting = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            waiting.add(clients.submit(() -> ask("random-vl")));
        }
        random.begun.await();
        Fleets.await("all wait", () -> fleet.of("random-vl").statistics().waiting() == 4);

        random.gate.countDown();

        assertThat(waiting.stream().map(FleetTest::failure))
                .allSatisfy(failure -> assertThat(failure)
                        .isInstanceOf(EngineUnavailableException.class)
                        .hasMessage(message)
                        .hasCause(thrown));
        assertThat(presence("random-vl").failures()).isEqualTo(1);
        assertAnswers("shapes-vl");
        assertAnswers("random-vl");
    }

    @Test
    void tellsAllThatWaitWhyAModelCannotBeLoadedAndTriesAgainForTheNext() throws Exception {
        failsForAllThatWait(
                new ModelLoadException("config.json is not there"),
                "Model random-vl cannot be loaded at present: the log says why");
    }

    @Test
    void tellsAllThatWaitWhenMemoryRunsOut() throws Exception {
        failsForAllThatWait(
                new OutOfMemoryError("Java heap space"),
                "Model random-vl is not loaded, since memory ran out: try again later");
    }

    @Test
    void loadsAModelAgainThatWentWithoutMemoryToTellWhatItHasDone() throws Exception {
        shapes.isUntold = true;
        start(Duration.ZERO, roomForTheLargest());
        assertAnswers("shapes-vl");

        assertAnswers("random-vl");

        assertThat(loaded()).containsExactly("random-vl");
        assertAnswers("shapes-vl");
        assertThat(presence("shapes-vl").loads()).isEqualTo(2);
    }

    @Test
    void refusesAModelThatDoesNotFitEvenWithoutTheOthersAndUnloadsNone() throws Exception {
        assertThat(shapes.bytes()).isGreaterThan(random.bytes() + 100);
        fleet = Fleet.open(
                new RoomOptions("demand", Duration.ZERO, 0, 16),
                device -> random.bytes() + 100,
                List.of(random, shapes));
        assertAnswers("random-vl");

        assertThatThrownBy(() -> ask("shapes-vl"))
                .isInstanceOf(EngineUnavailableException.class)
                .hasMessageMatching(
                        "Model shapes-vl needs about [\\d.]+ .B of cpu, but [\\d.]+ .B are free, and the other"
                                + " models would give back [\\d.]+ .B: lower kvCacheBytes, contextLength or maxSequences, or end"
                                + " what else takes memory");

        assertThat(loaded()).containsExactly("random-vl");
        assertAnswers("random-vl");
    }

    @Test
    void refusesAtTheStartAModelThatAloneTakesMoreThanIsAllowed() {
        assertThatThrownBy(() -> start(Duration.ZERO, 100_000))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageMatching(
                        "modelMemory is 0.1 MB, but model shapes-vl alone needs about [\\d.]+ .B of cpu: raise it,"
                                + " or lower kvCacheBytes, contextLength or maxSequences");
    }

    @Test
    void loadsAtTheStartThoseThatFit() throws Exception {
        fleet = Fleet.open(
                new RoomOptions("start", Duration.ZERO, roomForTheLargest(), 16),
                device -> Long.MAX_VALUE / 2,
                List.of(shapes, random, random25));

        assertThat(loaded()).containsExactly("shapes-vl");
        assertAnswers("random-vl");
    }

    @Test
    void waitsForAModelNoLongerThanTheRequestsTime() throws Exception {
        start(Duration.ZERO, 0);
        random.gate = new CountDownLatch(1);

        assertThatThrownBy(() -> fleet.generate(question("random-vl").withTimeLimit(Duration.ofMillis(30))))
                .isInstanceOf(EngineUnavailableException.class)
                .hasMessage("Model random-vl is not loaded yet, and the request's time is over: try again later");

        random.gate.countDown();
        assertAnswers("random-vl");
    }

    @Test
    void waitsNoLongerForAClientThatHasLeft() throws Exception {
        start(Duration.ZERO, 0);
        random.gate = new CountDownLatch(1);
        CompletableFuture<Void> gone = new CompletableFuture<>();
        Future<?> waiting = clients.submit(() -> fleet.generate(question("random-vl"), 1, gone));
        random.begun.await();

        gone.complete(null);

        assertThat(failure(waiting)).isInstanceOf(EngineUnavailableException.class);
        random.gate.countDown();
    }

    @Test
    void refusesMoreThanMayWait() throws Exception {
        start(Duration.ZERO, 0);
        random.gate = new CountDownLatch(1);
        List<Future<String>> waiting = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            waiting.add(clients.submit(() -> ask("random-vl")));
        }
        Fleets.await("all wait", () -> fleet.of("random-vl").statistics().waiting() == 16);

        assertThatThrownBy(() -> ask("random-vl"))
                .isInstanceOf(QueueFullException.class)
                .hasMessageContaining("16 requests wait for it");

        random.gate.countDown();
        for (Future<String> each : waiting) {
            each.get();
        }
    }

    @Test
    void tellsThoseThatWaitWhenItIsClosed() throws Exception {
        start(Duration.ZERO, 0);
        random.gate = new CountDownLatch(1);
        Future<String> waiting = clients.submit(() -> ask("random-vl"));
        random.begun.await();
        Future<?> closing = clients.submit(() -> fleet.close());

        assertThat(failure(waiting)).isInstanceOf(EngineUnavailableException.class);
        random.gate.countDown();
        closing.get();
        assertThat(fleet.isReady()).isFalse();
    }

    @Test
    void tellsOfAModelBeforeItIsLoadedWhatItTellsThen() throws Exception {
        start(Duration.ZERO, 0);
        ModelInfo before = fleet.of("random-vl").info();

        assertAnswers("random-vl");

        assertThat(fleet.of("random-vl").info())
                .usingRecursiveComparison()
                .ignoringFields("loadedAt")
                .isEqualTo(before);
    }

    @Test
    void writesTokensByTheModelThatIsNamed() {
        start(Duration.ZERO, 0);

        int[] tokens = fleet.of("random-vl").tokenizer().encode("a red circle", false);

        assertThat(fleet.of("random-vl").tokenizer().decode(tokens)).isEqualTo("a red circle");
        assertThat(loaded()).containsExactly("random-vl");
    }
}
