package io.github.camelvlm.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.camelvlm.chat.ChatRequest;
import io.github.camelvlm.chat.EngineUnavailableException;
import io.github.camelvlm.chat.Generation;
import io.github.camelvlm.chat.ModelPresence;
import io.github.camelvlm.chat.QueueFullException;
import io.github.camelvlm.chat.VlmEngine;
import io.github.camelvlm.chat.VlmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Which models go, and when, so that others have room. */
@Timeout(120)
class RoomForModelsTest {
    private final ThreeModels models = new ThreeModels();

    @AfterEach
    void close() {
        models.close();
    }

    @Test
    void unloadsAModelThatIsNotAskedForAnyMore() throws Exception {
        Fleet fleet = models.start("demand", Duration.ofMillis(50), 0);
        int tokens = fleet.generate(ThreeModels.question("random-vl"))
                .await()
                .usage()
                .completionTokens();

        Fleets.await(
                "the model is unloaded", () -> !models.presence("random-vl").isLoaded());

        assertThat(models.presence("random-vl").unloads()).isEqualTo(1);
        assertThat(fleet.statistics().completionTokens()).isEqualTo(tokens).isPositive();
        models.assertAnswers("random-vl");
        assertThat(models.presence("random-vl").loads()).isEqualTo(2);
    }

    @Test
    void makesRoomByTheModelThatWasAskedLongestAgo() throws Exception {
        Fleet fleet = models.start("demand", Duration.ZERO, models.roomForAllButAByte());
        writeTokens(fleet, "shapes-vl");
        writeTokens(fleet, "random-vl");
        writeTokens(fleet, "shapes-vl");

        writeTokens(fleet, "random-vl25");

        assertThat(models.loaded()).containsExactly("shapes-vl", "random-vl25");
    }

    /** Asks a model which has no request of this any more when it returns; an answer's may end a little after it is told. */
    private static void writeTokens(Fleet fleet, String model) {
        assertThat(fleet.of(model).tokenizer().encode("a red circle", false)).isNotEmpty();
    }

    @Test
    void keepsAModelUntilItsRequestsHaveEnded() throws Exception {
        Fleet fleet = models.start("demand", Duration.ofMillis(1), models.roomForTheLargest());
        Generation running = fleet.generate(Fleets.endless(1500));
        assertThat(running.next()).isPresent();
        Future<String> other = models.clients.submit(() -> models.ask("random-vl"));

        assertThat(running.await().tokenIds()).hasSize(1500);
        assertThat(other.get()).isEqualTo(ThreeModels.GOLDENS.get("random-vl").text("text"));
        assertThat(models.presence("shapes-vl").unloads()).isEqualTo(1);
    }

    @Test
    void answersAllOfManyThatAskForThreeModelsWithRoomForOne() throws Exception {
        Fleet fleet = models.start("demand", Duration.ZERO, models.roomForTheLargest());
        List<String> names = List.copyOf(ThreeModels.GOLDENS.keySet());
        List<Future<String>> answers = new ArrayList<>();
        for (int i = 0; i < 48; i++) {
            String model = names.get(i % names.size());
            answers.add(models.clients.submit(() -> {
                while (true) {
                    try {
                        return models.ask(model);
                    } catch (QueueFullException e) {
                        Thread.onSpinWait();
                    }
                }
            }));
        }

        for (int i = 0; i < answers.size(); i++) {
            String model = names.get(i % names.size());
            assertThat(answers.get(i).get())
                    .isEqualTo(ThreeModels.GOLDENS.get(model).text("text"));
        }
        assertThat(models.loaded()).hasSize(1);
        assertThat(fleet.models()).allSatisfy(model -> {
            ModelPresence presence = model.presence();
            assertThat(presence.loads() - presence.unloads()).isEqualTo(presence.isLoaded() ? 1 : 0);
            assertThat(presence.failures()).isZero();
        });
    }

    /** One of many clients: some leave, some have little time, some ask for several answers, some make the loading fail. */
    private void askSomehow(Fleet fleet, Random random, List<String> names) throws InterruptedException {
        ChatRequest request = ThreeModels.question(names.get(random.nextInt(names.size())));
        CompletableFuture<Void> gone = new CompletableFuture<>();
        try {
            if (random.nextInt(4) == 0) {
                request = request.withTimeLimit(Duration.ofMillis(1 + random.nextInt(40)));
            }
            if (random.nextInt(4) == 0) {
                gone.completeOnTimeout(null, random.nextInt(40), TimeUnit.MILLISECONDS);
            }
            if (random.nextInt(20) == 0) {
                models.shapes.failure = new OutOfMemoryError("Java heap space");
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
        Fleet fleet = models.start("demand", Duration.ofMillis(1), models.roomForTheLargest());
        List<String> names = List.copyOf(ThreeModels.GOLDENS.keySet());
        List<Future<?>> all = new ArrayList<>();
        for (int client = 0; client < 12; client++) {
            Random random = new Random(client);
            all.add(models.clients.submit(() -> {
                for (int i = 0; i < 12; i++) {
                    askSomehow(fleet, random, names);
                }
                return null;
            }));
        }
        for (Future<?> each : all) {
            each.get();
        }

        Fleets.await("all are unloaded", () -> models.loaded().isEmpty());
        assertThat(fleet.statistics().waiting()).isZero();
        models.shapes.failure = null;
        for (String model : names) {
            models.assertAnswers(model);
        }
    }

    /** The same engine, which has no memory to tell what it has done once it is closed. */
    private static VlmEngine untold(VlmEngine engine) {
        AtomicBoolean isClosed = new AtomicBoolean();
        return WatchedEngine.of(engine, (method, arguments) -> {
            if (method.equals("statistics") && isClosed.get()) {
                throw new OutOfMemoryError("Java heap space");
            }
            isClosed.compareAndSet(false, method.equals("close"));
        });
    }

    @Test
    void loadsAModelAgainThatWentWithoutMemoryToTellWhatItHasDone() throws Exception {
        models.shapes.watch = RoomForModelsTest::untold;
        models.start("demand", Duration.ZERO, models.roomForTheLargest());
        models.assertAnswers("shapes-vl");

        models.assertAnswers("random-vl");

        assertThat(models.loaded()).containsExactly("random-vl");
        models.assertAnswers("shapes-vl");
        assertThat(models.presence("shapes-vl").loads()).isEqualTo(2);
    }

    @Test
    void refusesAModelThatDoesNotFitEvenWithoutTheOthersAndUnloadsNone() throws Exception {
        assertThat(models.shapes.bytes()).isGreaterThan(models.random.bytes() + 100);
        models.start("demand", Duration.ZERO, 0, device -> models.random.bytes() + 100);
        models.assertAnswers("random-vl");

        assertThatThrownBy(() -> models.ask("shapes-vl"))
                .isInstanceOf(EngineUnavailableException.class)
                .hasMessageMatching(
                        "Model shapes-vl needs about [\\d.]+ .B of cpu, but [\\d.]+ .B are free, and the other"
                                + " models would give back [\\d.]+ .B: lower kvCacheBytes, contextLength or maxSequences, or end"
                                + " what else takes memory");

        assertThat(models.loaded()).containsExactly("random-vl");
        models.assertAnswers("random-vl");
    }
}
