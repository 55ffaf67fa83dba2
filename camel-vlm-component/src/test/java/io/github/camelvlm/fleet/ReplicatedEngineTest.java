package io.github.camelvlm.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.camelvlm.chat.ChatRequest;
import io.github.camelvlm.chat.EngineFault;
import io.github.camelvlm.chat.EngineUnavailableException;
import io.github.camelvlm.chat.Generation;
import io.github.camelvlm.chat.ModelLoadException;
import io.github.camelvlm.chat.QueueFullException;
import io.github.camelvlm.chat.VlmEngine;
import io.github.camelvlm.chat.VlmException;
import io.github.camelvlm.engine.LocalEngine;
import io.github.camelvlm.goldens.EditedModel;
import io.github.camelvlm.goldens.GoldenCase;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class ReplicatedEngineTest {
    private final List<VlmEngine> replicas = new ArrayList<>();
    private ReplicatedEngine engine;

    @AfterEach
    void close() {
        if (engine != null) {
            engine.close();
        }
    }

    private Supplier<VlmEngine> loader(Path model) {
        return () -> {
            VlmEngine replica = LocalEngine.load(Fleets.options(model, Map.of()));
            replicas.add(replica);
            return replica;
        };
    }

    private void load(Path... models) {
        engine = ReplicatedEngine.load(Stream.of(models).map(this::loader).toList());
    }

    private List<Long> prompts() {
        return replicas.stream()
                .map(replica -> replica.statistics().ended().values().stream()
                        .mapToLong(Long::longValue)
                        .sum())
                .toList();
    }

    private long cached() {
        return engine.statistics().cachedTokens();
    }

    private void answer(ChatRequest request) throws InterruptedException {
        long before = prompts().stream().mapToLong(Long::longValue).sum();
        engine.generate(request).await();
        Fleets.await(
                "the end is counted",
                () -> prompts().stream().mapToLong(Long::longValue).sum() > before);
    }

    @Test
    void answersByEachReplicaAsTheModelDoesAlone() throws Exception {
        load(GoldenCase.SHAPES_VL, GoldenCase.SHAPES_VL);
        List<GoldenCase> cases =
                GoldenCase.shapes().filter(golden -> !golden.isLossy()).toList();
        List<Generation> generations =
                cases.stream().map(Fleets::greedy).map(engine::generate).toList();

        for (int i = 0; i < cases.size(); i++) {
            assertThat(generations.get(i).await().text()).isEqualTo(cases.get(i).text("text"));
        }

        Fleets.await(
                "all are counted",
                () -> prompts().stream().mapToLong(Long::longValue).sum() == cases.size());
        assertThat(prompts()).allSatisfy(answered -> assertThat(answered).isGreaterThan(cases.size() / 4));
        assertThat(engine.statistics().completionTokens()).isPositive();
    }

    @Test
    void asksTheReplicaThatHasLeastToDo() throws Exception {
        load(GoldenCase.SHAPES_VL, GoldenCase.SHAPES_VL);
        List<Generation> busy = engine.generate(Fleets.endless(3000), 2);
        List<Generation> others = new ArrayList<>();
        others.addAll(engine.generate(Fleets.endless(1), 1));
        others.get(0).await();
        others.addAll(engine.generate(Fleets.endless(1), 1));
        others.get(1).await();

        Fleets.await("both are counted", () -> prompts().contains(2L));
        assertThat(prompts()).containsExactlyInAnyOrder(0L, 2L);
        busy.forEach(Generation::cancel);
    }

    @Test
    void asksTheReplicaThatKnowsThePictureWhereLoadsAreEqual() throws Exception {
        load(GoldenCase.SHAPES_VL, GoldenCase.SHAPES_VL, GoldenCase.SHAPES_VL);
        List<String> pictures = List.of("one-shape.png", "two-shapes.png");
        for (String picture : pictures) {
            answer(Fleets.ask(picture, "Describe this image."));
        }
        assertThat(prompts()).containsExactlyInAnyOrder(1L, 1L, 0L);
        assertThat(cached()).isZero();

        for (String picture : pictures) {
            answer(Fleets.ask(picture, "List the objects as JSON."));
        }

        assertThat(prompts()).containsExactlyInAnyOrder(2L, 2L, 0L);
        assertThat(cached()).isGreaterThan(20);
    }

    @Test
    void leavesOutAReplicaThatFailsOnEverything(@TempDir Path folder) throws Exception {
        EditedModel.copy(GoldenCase.RANDOM_VL, folder).tensor("model.norm.weight", bytes -> {
            while (bytes.hasRemaining()) {
                bytes.putShort((short) 0x7FC0);
            }
        });
        load(folder, GoldenCase.RANDOM_VL);
        VlmEngine broken = replicas.get(0);
        while (broken.isReady()) {
            assertThatThrownBy(() -> broken.generate(Fleets.endless(1)).await()).isInstanceOf(VlmException.class);
        }

        for (int i = 0; i < 4; i++) {
            assertThat(engine.generate(Fleets.endless(3)).await().tokenIds()).hasSize(3);
        }
        assertThat(engine.isReady()).isTrue();
        assertThat(engine.fault()).map(EngineFault::kind).hasValue(EngineFault.Kind.NOT_FINITE);
        assertThat(engine.presence().replicas()).isEqualTo(2);
        assertThat(engine.presence().readyReplicas()).isEqualTo(1);
        replicas.get(1).close();
        assertThat(engine.isReady()).isFalse();
        assertThatThrownBy(() -> engine.generate(Fleets.endless(1)))
                .isInstanceOf(EngineUnavailableException.class)
                .hasMessageContaining("fails on everything at present");
    }

    @Test
    void refusesARequestOnlyWhenEveryReplicaIsFull() throws Exception {
        load(GoldenCase.SHAPES_VL, GoldenCase.SHAPES_VL);
        List<Generation> taken = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            taken.addAll(engine.generate(Fleets.endless(3000), 66));
        }

        assertThatThrownBy(() -> engine.generate(Fleets.endless(1))).isInstanceOf(QueueFullException.class);

        taken.forEach(Generation::cancel);
        for (Generation each : taken) {
            each.await();
        }
        Fleets.await("there is room", () -> engine.statistics().running() == 0);
        assertThat(engine.generate(Fleets.endless(1)).await().tokenIds()).hasSize(1);
    }

    @Test
    void comparesByOneOfThem() throws Exception {
        load(GoldenCase.SHAPES_VL, GoldenCase.SHAPES_VL);

        var comparison = engine.compare(
                Fleets.ask("one-shape.png", "What colour?"), List.of("yellow", "red"), new CompletableFuture<>());

        assertThat(comparison.answer().text()).isIn("yellow", "red");
    }

    @Test
    void closesThoseThatAreLoadedWhereAnotherCannotBe(@TempDir Path empty) {
        assertThatThrownBy(() -> load(GoldenCase.RANDOM_VL, empty)).isInstanceOf(ModelLoadException.class);

        assertThat(replicas).singleElement().matches(replica -> !replica.isReady());
    }
}
