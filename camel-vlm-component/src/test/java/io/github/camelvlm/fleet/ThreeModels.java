package io.github.camelvlm.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelvlm.chat.ChatRequest;
import io.github.camelvlm.chat.ModelPresence;
import io.github.camelvlm.chat.VlmEngine;
import io.github.camelvlm.goldens.GoldenCase;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/** Three real models that share a memory of a size that a test sets, and clients that ask them. */
final class ThreeModels implements AutoCloseable {
    static final Map<String, GoldenCase> GOLDENS = Map.of(
            "shapes-vl", GoldenCase.shapes("describe two-shapes.png"),
            "random-vl", withoutPicture(GoldenCase.random()),
            "random-vl25",
                    withoutPicture(
                            GoldenCase.all().filter(golden -> golden.model().equals(GoldenCase.RANDOM_VL25))));

    /** All three take about the same. */
    final HoldableSource shapes = new HoldableSource(GoldenCase.SHAPES_VL, Map.of(), 2);

    final HoldableSource random = new HoldableSource(
            GoldenCase.RANDOM_VL, Map.of("random-vl/text", GoldenCase.ADAPTERS.resolve("adapter-text")), 8);
    final HoldableSource random25 = new HoldableSource(GoldenCase.RANDOM_VL25, Map.of(), 8);
    final ExecutorService clients = Executors.newCachedThreadPool();
    private Fleet fleet;

    static GoldenCase withoutPicture(Stream<GoldenCase> cases) {
        return cases.filter(golden -> golden.name().equals("no image"))
                .findFirst()
                .orElseThrow();
    }

    List<HoldableSource> sources() {
        return List.of(shapes, random, random25);
    }

    /**
     * Starts a fleet of them.
     *
     * @param loading when models are loaded
     * @param idle after how long a model goes that is not asked for; zero for never
     * @param memory its most bytes; 0 for as many as they want
     */
    Fleet start(String loading, Duration idle, long memory) {
        return start(loading, idle, memory, device -> Long.MAX_VALUE / 2);
    }

    /** The same with as many free bytes of each device. */
    Fleet start(String loading, Duration idle, long memory, ToLongFunction<String> free) {
        fleet = Fleet.open(new RoomOptions(loading, idle, memory, Fleets.PLACES), free, sources());
        return fleet;
    }

    long roomForTheLargest() {
        return sources().stream().mapToLong(HoldableSource::bytes).max().orElseThrow();
    }

    long roomForAllButAByte() {
        return sources().stream().mapToLong(HoldableSource::bytes).sum() - 1;
    }

    static ChatRequest question(String model) {
        return Fleets.greedy(GOLDENS.get(model)).withAdapter(model);
    }

    String ask(String model) throws InterruptedException {
        return fleet.generate(question(model)).await().text();
    }

    void assertAnswers(String model) throws InterruptedException {
        assertThat(ask(model)).isEqualTo(GOLDENS.get(model).text("text"));
    }

    ModelPresence presence(String model) {
        return fleet.of(model).presence();
    }

    List<String> loaded() {
        return fleet.models().stream()
                .filter(model -> model.presence().isLoaded())
                .map(VlmEngine::model)
                .toList();
    }

    /** A client that asks a model, once it waits for it to be loaded. */
    Future<String> waitingFor(String model) {
        int before = waiting(model);
        Future<String> client = clients.submit(() -> ask(model));
        Fleets.await("it waits for " + model, () -> waiting(model) == before + 1);
        return client;
    }

    int waiting(String model) {
        return fleet.of(model).statistics().waiting();
    }

    static Throwable failure(Future<?> future) {
        try {
            future.get();
        } catch (ExecutionException e) {
            return e.getCause();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        throw new AssertionError("It did not fail");
    }

    @Override
    public void close() {
        clients.shutdownNow();
        // Of a test that has failed: what is being loaded is loaded to its end.
        sources().forEach(source -> source.gate.countDown());
        if (fleet != null) {
            fleet.close();
        }
    }
}
