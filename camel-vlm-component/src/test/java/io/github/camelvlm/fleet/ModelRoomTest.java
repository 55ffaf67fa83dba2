package io.github.camelvlm.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelvlm.chat.VlmEngine;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Models that are entered just when they come or go. */
@Timeout(120)
class ModelRoomTest {
    private final ThreeModels models = new ThreeModels();
    private ModelRoom room;

    @AfterEach
    void close() {
        models.close();
        room.close();
    }

    private void start(Duration idle) {
        start(idle, models.roomForTheLargest());
    }

    private void start(Duration idle, long memory) {
        room = new ModelRoom(
                new RoomOptions("demand", idle, memory, Fleets.PLACES),
                new Space(memory, device -> Long.MAX_VALUE / 2),
                models.sources());
    }

    private Tenant tenant(HoldableSource source) {
        return room.tenants().stream()
                .filter(tenant -> tenant.source == source)
                .findFirst()
                .orElseThrow();
    }

    private VlmEngine enter(HoldableSource source) throws InterruptedException {
        return room.enter(tenant(source), null, new CompletableFuture<>());
    }

    private Future<VlmEngine> entering(HoldableSource source) {
        return models.clients.submit(() -> enter(source));
    }

    private void await(String what, BooleanSupplier condition) {
        Fleets.await(what, () -> {
            room.lock().lock();
            try {
                return condition.getAsBoolean();
            } finally {
                room.lock().unlock();
            }
        });
    }

    /** A client that enters a model which is going; it must not have come in. */
    private Future<VlmEngine> waitingFor(HoldableSource source) {
        Future<VlmEngine> client = entering(source);
        await("it waits", () -> tenant(source).arrival != null || client.isDone());
        assertThat(client).isNotDone();
        return client;
    }

    @Test
    void goBeforeThoseThatHaveRequestsThoughTheseWereAskedLongerAgo() throws Exception {
        start(Duration.ZERO, models.roomForAllButAByte());
        enter(models.shapes);
        enter(models.random);
        room.leave(tenant(models.random));

        enter(models.random25);

        assertThat(room.loaded()).extracting(VlmEngine::model).containsExactly("shapes-vl", "random-vl25");
    }

    @Test
    void lockOutNewClientsWhileTheyMakeRoom() throws Exception {
        start(Duration.ZERO);
        VlmEngine before = enter(models.shapes);
        Future<VlmEngine> other = entering(models.random);
        await("it has to go", () -> tenant(models.shapes).hasToGo);

        Future<VlmEngine> late = waitingFor(models.shapes);

        room.leave(tenant(models.shapes));
        assertThat(other.get(60, TimeUnit.SECONDS).model()).isEqualTo("random-vl");
        assertThat(late).isNotDone();
        room.leave(tenant(models.random));
        assertThat(late.get(60, TimeUnit.SECONDS)).isNotSameAs(before);
    }

    @Test
    void lockOutNewClientsWhileTheyAreBeingUnloaded() throws Exception {
        CountDownLatch closing = new CountDownLatch(1);
        CountDownLatch gate = new CountDownLatch(1);
        models.shapes.watch = engine -> WatchedEngine.of(engine, (method, arguments) -> {
            if (method.equals("close")) {
                closing.countDown();
                gate.await();
            }
        });
        start(Duration.ofMillis(1));
        VlmEngine before = enter(models.shapes);
        room.leave(tenant(models.shapes));
        assertThat(closing.await(60, TimeUnit.SECONDS)).isTrue();

        Future<VlmEngine> late;
        try {
            late = waitingFor(models.shapes);
        } finally {
            gate.countDown();
        }

        assertThat(late.get(60, TimeUnit.SECONDS)).isNotSameAs(before);
    }

    @Test
    void areNotHeldForAClientThatLeavesJustAsTheyCome() throws Exception {
        models.shapes.gate = new CountDownLatch(1);
        start(Duration.ZERO);
        CompletableFuture<Thread> thread = new CompletableFuture<>();
        Future<VlmEngine> client = models.clients.submit(() -> {
            thread.complete(Thread.currentThread());
            return enter(models.shapes);
        });
        models.shapes.begun.await();
        // The client is told to leave before it learns that the model is there.
        room.lock().lock();
        try {
            models.shapes.gate.countDown();
            Fleets.await("the model has come", () -> room.lock().getQueueLength() == 1);
            thread.get().interrupt();
            Fleets.await("the client leaves", () -> room.lock().getQueueLength() == 2);
        } finally {
            room.lock().unlock();
        }

        assertThat(ThreeModels.failure(client)).isInstanceOf(InterruptedException.class);
        assertThat(room.peek(tenant(models.shapes))).isPresent();
        await("it has no request", () -> tenant(models.shapes).uses == 0);
    }
}
