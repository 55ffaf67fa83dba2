package io.github.camelvlm.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.camelvlm.chat.Completion;
import io.github.camelvlm.chat.EngineFault;
import io.github.camelvlm.chat.EngineUnavailableException;
import io.github.camelvlm.chat.Generation;
import io.github.camelvlm.chat.VlmException;
import io.github.camelvlm.goldens.GoldenCase;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What an engine makes of a program whose calls fail. */
@Timeout(60)
class EngineFailureTest {
    private static final GoldenCase GOLDEN = GoldenCase.shapes("describe two-shapes.png");

    private FailingProgram program;
    private LocalEngine engine;

    @BeforeEach
    void load() {
        engine = LocalEngine.load(Engines.options(GoldenCase.SHAPES_VL, "float32"), real -> {
            program = new FailingProgram(real);
            return program;
        });
    }

    @AfterEach
    void close() {
        engine.close();
    }

    private Completion ask() throws InterruptedException {
        return engine.generate(Engines.greedy(GOLDEN)).await();
    }

    private void assertAnswers() throws InterruptedException {
        assertThat(ask().text()).isEqualTo(GOLDEN.text("text"));
        assertThat(engine.isReady()).isTrue();
        assertThat(engine.fault()).isEmpty();
    }

    static Stream<Supplier<Throwable>> failures() {
        return Stream.of(
                () -> new IllegalStateException("no kernel image"),
                () -> new OutOfMemoryError("Java heap space"),
                () -> new InternalError("a fault occurred in an unsafe memory access operation"));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void endsTheRequestWhosePictureCannotBeEncodedAndTriesThePictureAgainForTheNext(Supplier<Throwable> failure)
            throws InterruptedException {
        program.fail(FailingProgram.Call.ENCODE, 1, failure);

        assertThatThrownBy(this::ask)
                .isInstanceOf(VlmException.class)
                .hasMessage(
                        "The model failed on two-shapes.png: " + failure.get().getMessage());
        assertAnswers();
    }

    @ParameterizedTest
    @EnumSource(names = {"BEGIN", "ENCODE", "STEP"})
    void answersTheNextRequestAfterACallHasFailed(FailingProgram.Call call) throws InterruptedException {
        program.fail(call, 1, () -> new OutOfMemoryError("Java heap space"));

        assertThatThrownBy(this::ask).isInstanceOf(VlmException.class).hasMessageContaining("Java heap space");
        assertAnswers();
    }

    @ParameterizedTest
    @EnumSource(names = {"DROP", "COPY", "REST"})
    void answersAllRequestsThoughACallFailsThatIsOfNoRequest(FailingProgram.Call call) throws InterruptedException {
        program.fail(call, 2, () -> new OutOfMemoryError("Java heap space"));
        List<GoldenCase> cases = GoldenCase.shapes().toList();

        for (int round = 0; round < 2; round++) {
            for (GoldenCase golden : cases) {
                assertThat(engine.generate(Engines.greedy(golden)).await().text())
                        .isEqualTo(golden.text("text"));
            }
        }

        assertAnswers();
    }

    @Test
    void answersAllWhoAskedTogetherThoughTheirStepFailed() throws InterruptedException {
        List<Generation> together = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            together.add(engine.generate(Engines.endless(200)));
        }
        Generation last = together.get(3);
        assertThat(last.next()).isPresent();
        program.fail(FailingProgram.Call.STEP, 1, () -> new OutOfMemoryError("Java heap space"));

        List<Integer> alone = together.get(0).await().tokenIds();
        for (Generation generation : together) {
            assertThat(generation.await().tokenIds()).isEqualTo(alone);
        }
        assertThat(alone).hasSize(200);
        assertThat(program.left(FailingProgram.Call.STEP)).isNegative();
    }

    @Test
    void isNotReadyAfterFailuresInARowThatNoRequestExplains() {
        program.fail(FailingProgram.Call.STEP, Integer.MAX_VALUE, () -> new IllegalStateException("sticky error"));

        for (int i = 0; i < 3; i++) {
            assertThat(engine.isReady()).isTrue();
            assertThatThrownBy(this::ask)
                    .isInstanceOf(EngineUnavailableException.class)
                    .hasMessage("The model failed on this request: sticky error. It fails on everything at present:"
                            + " try again later");
        }

        assertThat(engine.isReady()).isFalse();
        assertThat(engine.fault()).contains(new EngineFault(EngineFault.Kind.INTERNAL, "sticky error"));
        assertThatThrownBy(this::ask)
                .isInstanceOf(EngineUnavailableException.class)
                .hasMessageContaining("fails on everything at present, and was last told: sticky error");
    }

    @Test
    void isReadyAgainWhenACallSucceeds() throws InterruptedException {
        program.fail(FailingProgram.Call.STEP, Integer.MAX_VALUE, () -> new OutOfMemoryError("Java heap space"));
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(this::ask).isInstanceOf(EngineUnavailableException.class);
        }
        assertThat(engine.fault().map(EngineFault::kind)).contains(EngineFault.Kind.OUT_OF_MEMORY);

        program.mend(FailingProgram.Call.STEP);
        while (!engine.isReady()) {
            Thread.onSpinWait();
        }

        assertAnswers();
    }

    @Test
    void staysReadyHoweverManyRequestsFailByThemselves() throws InterruptedException {
        for (int i = 0; i < 10; i++) {
            program.fail(FailingProgram.Call.ENCODE, 1, () -> new IllegalStateException("of this picture"));
            assertThatThrownBy(this::ask)
                    .isExactlyInstanceOf(VlmException.class)
                    .hasMessageContaining("of this picture");
        }

        assertAnswers();
    }
}
