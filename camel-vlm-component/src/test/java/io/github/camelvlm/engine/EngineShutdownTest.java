package io.github.camelvlm.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.camelvlm.chat.EngineUnavailableException;
import io.github.camelvlm.chat.FinishReason;
import io.github.camelvlm.chat.Generation;
import io.github.camelvlm.goldens.GoldenCase;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class EngineShutdownTest {

    @Test
    void answersAllItHasTakenOnBeforeItShutsDown() throws InterruptedException {
        LocalEngine engine = LocalEngine.load(Engines.options(GoldenCase.SHAPES_VL, "float32", 0, 1, 3));
        List<Generation> taken = List.of(engine.generate(Engines.endless(100)), engine.generate(Engines.endless(100)));

        engine.shutdown(Duration.ofSeconds(60));

        for (Generation generation : taken) {
            assertThat(generation.await().tokenIds()).hasSize(100);
        }
    }

    @Test
    void refusesFurtherRequestsWhileItShutsDown() throws InterruptedException {
        LocalEngine engine = LocalEngine.load(Engines.options(GoldenCase.SHAPES_VL, "float32"));
        Generation running = engine.generate(Engines.endless(3000));
        Thread stopper = new Thread(() -> engine.shutdown(Duration.ofSeconds(60)));
        stopper.start();
        while (engine.isReady()) {
            Thread.onSpinWait();
        }

        assertThatThrownBy(() -> engine.generate(Engines.endless(1)))
                .isInstanceOf(EngineUnavailableException.class)
                .hasMessage("The engine of model shapes-vl is stopping");
        running.cancel();
        stopper.join();
        assertThat(running.await().finishReason()).isEqualTo(FinishReason.CANCELLED);
    }

    @Test
    void cutsOffWhatIsNotAnsweredInTime() {
        LocalEngine engine = LocalEngine.load(Engines.options(GoldenCase.SHAPES_VL, "float32"));
        Generation running = engine.generate(Engines.endless(3000));

        engine.shutdown(Duration.ofMillis(20));

        assertThatThrownBy(running::await).isInstanceOf(EngineUnavailableException.class);
    }

    @Test
    void canBeClosedAfterItWasShutDown() {
        LocalEngine engine = LocalEngine.load(Engines.options(GoldenCase.SHAPES_VL, "float32"));
        engine.shutdown(Duration.ofSeconds(60));

        assertThatCode(engine::close).doesNotThrowAnyException();
    }

    @Test
    void refusesToTokenizeWhenItIsClosed() {
        LocalEngine engine = LocalEngine.load(Engines.options(GoldenCase.SHAPES_VL, "float32"));
        engine.close();

        assertThatThrownBy(() -> engine.tokenizer().encode("Hello", true))
                .isInstanceOf(EngineUnavailableException.class);
        assertThatThrownBy(() -> engine.tokenizer().encode(Engines.endless(1)))
                .isInstanceOf(EngineUnavailableException.class);
    }
}
