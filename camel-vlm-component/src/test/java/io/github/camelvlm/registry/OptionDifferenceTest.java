package io.github.camelvlm.registry;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.camelvlm.chat.ModelLoadException;
import io.github.camelvlm.engine.EngineOptions;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class OptionDifferenceTest {

    private static EngineOptions options(Consumer<EngineConfiguration> setting) {
        EngineConfiguration configuration = new EngineConfiguration();
        setting.accept(configuration);
        return configuration.local(Path.of("/models/m"), List.of(), Map.of(), "m");
    }

    @Test
    void letsEndpointsThatSayTheSameShareAnEngine() {
        assertThatCode(() -> OptionDifference.refuse(options(c -> c.setThreads(2)), options(c -> c.setThreads(2))))
                .doesNotThrowAnyException();
    }

    @Test
    void namesWhatDiffersAndNothingElse() {
        assertThatThrownBy(() -> OptionDifference.refuse(options(c -> c.setQuantization("int8")), options(c -> {
                    c.setThreads(2);
                    c.setMaxPause(250);
                })))
                .isInstanceOf(ModelLoadException.class)
                .hasMessage(
                        "Two endpoints share the engine of /models/m but not its settings: one says quantization=int8"
                                + " and threads=0 and maxPause=500, the other quantization=none and threads=2 and maxPause=250."
                                + " Set the option quantization and the option threads and the option maxPause alike, or once on the component");
    }

    @Test
    void callsTheNameOfTheModelByItsOption() {
        EngineConfiguration configuration = new EngineConfiguration();

        assertThatThrownBy(() -> OptionDifference.refuse(
                        configuration.local(Path.of("/models/m"), List.of(), Map.of(), "one"),
                        configuration.local(Path.of("/models/m"), List.of(), Map.of(), "other")))
                .hasMessageContaining("one says model=one, the other model=other");
    }
}
