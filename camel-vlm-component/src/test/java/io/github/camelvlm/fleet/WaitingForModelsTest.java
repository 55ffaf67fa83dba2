package io.github.camelvlm.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.camelvlm.chat.ChatRequest;
import io.github.camelvlm.chat.EngineUnavailableException;
import io.github.camelvlm.chat.ModelLoadException;
import io.github.camelvlm.chat.QueueFullException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Clients that wait for a model that is being loaded. */
@Timeout(120)
class WaitingForModelsTest {
    private final ThreeModels models = new ThreeModels();

    @AfterEach
    void close() {
        models.close();
    }

    @Test
    void loadsOnceForAllThatWait() throws Exception {
        models.start("demand", Duration.ZERO, 0);
        models.random.gate = new CountDownLatch(1);
        List<Future<String>> waiting = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            waiting.add(models.clients.submit(() -> models.ask("random-vl")));
        }
        models.random.begun.await();

        models.random.gate.countDown();

        for (Future<String> each : waiting) {
            assertThat(each.get())
                    .isEqualTo(ThreeModels.GOLDENS.get("random-vl").text("text"));
        }
        assertThat(models.presence("random-vl").loads()).isEqualTo(1);
    }

    @Test
    void loadsFirstWhatWasAskedForFirst() throws Exception {
        Fleet fleet = models.start("demand", Duration.ZERO, 0);
        models.shapes.gate = new CountDownLatch(1);
        Future<String> first = models.waitingFor("shapes-vl");
        models.shapes.begun.await();
        // Not in the order in which they stand in the options.
        Future<String> second = models.waitingFor("random-vl25");
        Future<String> third = models.waitingFor("random-vl");

        models.shapes.gate.countDown();

        for (Future<String> each : List.of(first, second, third)) {
            each.get();
        }
        assertThat(Stream.of("shapes-vl", "random-vl25", "random-vl")
                        .map(model -> fleet.of(model).info().loadedAt()))
                .isSorted();
    }

    /** How a client asks a model. */
    private interface Asking {
        Object ask(Fleet fleet, ChatRequest request) throws InterruptedException;
    }

    private void takesTheTimeOfLoadingOff(Asking asking) throws Exception {
        Fleet fleet = models.start("demand", Duration.ZERO, 0);
        models.random.gate = new CountDownLatch(1);
        CompletableFuture<Duration> limit = new CompletableFuture<>();
        models.random.watch = engine -> WatchedEngine.of(engine, (method, arguments) -> {
            if (method.equals("generate") || method.equals("compare")) {
                limit.complete(((ChatRequest) arguments[0]).timeLimit());
            }
        });
        Duration whole = Duration.ofMinutes(2);
        Future<?> client = models.clients.submit(
                () -> asking.ask(fleet, ThreeModels.question("random-vl").withTimeLimit(whole)));
        Fleets.await("it waits", () -> models.waiting("random-vl") == 1);
        long waiting = System.nanoTime();
        models.random.begun.await();

        Duration waited = Duration.ofNanos(System.nanoTime() - waiting);
        models.random.gate.countDown();

        client.get();
        assertThat(limit.get()).isPositive().isLessThan(whole.minus(waited));
    }

    @Test
    void takesTheTimeOfLoadingOffThatOfARequest() throws Exception {
        takesTheTimeOfLoadingOff((fleet, request) -> fleet.generate(request).await());
    }

    @Test
    void takesTheTimeOfLoadingOffThatOfAComparison() throws Exception {
        takesTheTimeOfLoadingOff(
                (fleet, request) -> fleet.compare(request, List.of("red", "blue"), new CompletableFuture<>()));
    }

    @Test
    void answersByModelsThatAreLoadedWhileAnotherIsBeingLoaded() throws Exception {
        models.start("demand", Duration.ZERO, 0);
        models.assertAnswers("shapes-vl");
        models.random.gate = new CountDownLatch(1);
        Future<String> waiting = models.clients.submit(() -> models.ask("random-vl"));
        models.random.begun.await();

        models.assertAnswers("shapes-vl");

        assertThat(waiting).isNotDone();
        models.random.gate.countDown();
        waiting.get();
    }

    private void failsForAllThatWait(Throwable thrown, String message) throws Exception {
        Fleet fleet = models.start("demand", Duration.ZERO, 0);
        models.assertAnswers("shapes-vl");
        models.random.gate = new CountDownLatch(1);
        models.random.failure = thrown;
        List<Future<String>> waiting = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            waiting.add(models.clients.submit(() -> models.ask("random-vl")));
        }
        models.random.begun.await();
        Fleets.await("all wait", () -> fleet.of("random-vl").statistics().waiting() == 4);

        models.random.gate.countDown();

        assertThat(waiting.stream().map(ThreeModels::failure))
                .allSatisfy(failure -> assertThat(failure)
                        .isInstanceOf(EngineUnavailableException.class)
                        .hasMessage(message)
                        .hasCause(thrown));
        assertThat(models.presence("random-vl").failures()).isEqualTo(1);
        models.assertAnswers("shapes-vl");
        models.assertAnswers("random-vl");
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
    void waitsForAModelNoLongerThanTheRequestsTime() throws Exception {
        Fleet fleet = models.start("demand", Duration.ZERO, 0);
        models.random.gate = new CountDownLatch(1);

        assertThatThrownBy(
                        () -> fleet.generate(ThreeModels.question("random-vl").withTimeLimit(Duration.ofMillis(30))))
                .isInstanceOf(EngineUnavailableException.class)
                .hasMessage("Model random-vl is not loaded yet, and the request's time is over: try again later");

        models.random.gate.countDown();
        models.assertAnswers("random-vl");
    }

    @Test
    void waitsNoLongerForAClientThatHasLeft() throws Exception {
        Fleet fleet = models.start("demand", Duration.ZERO, 0);
        models.random.gate = new CountDownLatch(1);
        CompletableFuture<Void> gone = new CompletableFuture<>();
        Future<?> waiting = models.clients.submit(() -> fleet.generate(ThreeModels.question("random-vl"), 1, gone));
        models.random.begun.await();

        gone.complete(null);

        assertThat(ThreeModels.failure(waiting)).isInstanceOf(EngineUnavailableException.class);
        models.random.gate.countDown();
    }

    @Test
    void refusesMoreThanMayWait() throws Exception {
        Fleet fleet = models.start("demand", Duration.ZERO, 0);
        models.random.gate = new CountDownLatch(1);
        List<Future<String>> waiting = new ArrayList<>();
        for (int i = 0; i < Fleets.PLACES; i++) {
            waiting.add(models.clients.submit(() -> models.ask("random-vl")));
        }
        Fleets.await("all wait", () -> fleet.of("random-vl").statistics().waiting() == Fleets.PLACES);

        assertThatThrownBy(() -> models.ask("random-vl"))
                .isInstanceOf(QueueFullException.class)
                .hasMessageContaining(Fleets.PLACES + " requests wait for it");

        models.random.gate.countDown();
        for (Future<String> each : waiting) {
            each.get();
        }
    }

    @Test
    void tellsThoseThatWaitWhenItIsClosed() throws Exception {
        Fleet fleet = models.start("demand", Duration.ZERO, 0);
        models.random.gate = new CountDownLatch(1);
        Future<String> waiting = models.clients.submit(() -> models.ask("random-vl"));
        models.random.begun.await();
        Future<?> closing = models.clients.submit(() -> fleet.close());

        assertThat(ThreeModels.failure(waiting)).isInstanceOf(EngineUnavailableException.class);
        models.random.gate.countDown();
        closing.get();
        assertThat(fleet.isReady()).isFalse();
    }
}
