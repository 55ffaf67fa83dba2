package io.github.camelvlm.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelvlm.chat.VlmEngine;
import io.github.camelvlm.goldens.GoldenCase;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LocalSourceTest {
    private final EngineConfiguration configuration = new EngineConfiguration();

    private LocalSource source() {
        configuration.setDevice("cpu");
        configuration.setThreads(1);
        configuration.setKvCacheBytes(4_000_000);
        return new LocalSource(
                "m",
                1,
                Map.of(),
                directories -> configuration.local(GoldenCase.RANDOM_VL, List.of(), Map.of(), "m"),
                Directories.HERE,
                false);
    }

    private static String loadedType(LocalSource source) {
        try (VlmEngine engine = source.load()) {
            return engine.info().dtype();
        }
    }

    @Test
    void computesInTheTypeOfItsFirstLoadingEachTime() {
        LocalSource source = source();
        configuration.setDtype("bfloat16");
        assertThat(loadedType(source)).isEqualTo("bfloat16");

        // As dtype=auto may choose by what is faster at the moment.
        configuration.setDtype("float32");

        assertThat(loadedType(source)).isEqualTo("bfloat16");
    }

    @Test
    void computesInTheTypeForWhichItsMemoryWasReckoned() {
        LocalSource source = source();
        configuration.setDtype("float32");
        Map<String, Long> need = source.need();
        configuration.setDtype("bfloat16");

        assertThat(source.need()).isEqualTo(need);
        assertThat(source.info().dtype()).isEqualTo("float32");
        assertThat(loadedType(source)).isEqualTo("float32");
    }
}
