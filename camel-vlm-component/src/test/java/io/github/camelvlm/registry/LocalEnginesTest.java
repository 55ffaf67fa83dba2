package io.github.camelvlm.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelvlm.engine.EngineOptions;
import io.github.camelvlm.goldens.GoldenCase;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What engines are made of that share a machine. */
class LocalEnginesTest {

    private static EngineOptions options(String device) {
        EngineConfiguration configuration = new EngineConfiguration();
        configuration.setDevice(device);
        return configuration.local(GoldenCase.SHAPES_VL, List.of(), Map.of(), "m");
    }

    @Test
    void haveOneTypeAndTheirPartsOfThreadsAndCache() {
        List<EngineOptions> replicas = LocalEngines.replicas(options("cpu, cpu"), 1);

        assertThat(replicas).hasSize(2).allSatisfy(replica -> {
            assertThat(replica).isEqualTo(replicas.get(0));
            assertThat(replica.device()).isEqualTo("cpu");
            assertThat(replica.dtype()).isIn("float32", "bfloat16");
            assertThat(replica.threads())
                    .isEqualTo(Math.max(1, Runtime.getRuntime().availableProcessors() / 2));
            assertThat(replica.kvCacheBytes())
                    .isEqualTo(LocalEngines.replicas(options("cpu"), 2).get(0).kvCacheBytes());
        });
    }

    @Test
    void areAsTheOptionsSayWhereThereIsOne() {
        assertThat(LocalEngines.replicas(options("cpu"), 1)).containsExactly(options("cpu"));
    }
}
