package io.github.camelvlm.routes.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelvlm.routes.ApplicationProcess;
import io.github.camelvlm.routes.RunningService;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HealthCommandTest {
    @TempDir
    private Path root;

    @Test
    void succeedsWhileTheApplicationCanAnswer() throws Exception {
        Map<String, String> environment;
        try (RunningService service = new RunningService(Map.of())) {
            environment = Map.of("API_HOST", "localhost", "API_PORT", String.valueOf(service.port()));
            assertThat(exitCode(environment, "health")).isZero();
            assertThat(exitCode(environment, "health", "--live")).isZero();
        }

        assertThat(exitCode(environment, "health")).isEqualTo(1);
    }

    @Test
    void failsWhileTheModelLoads() throws Exception {
        try (RunningService service = new RunningService(Map.of(), loading -> {
            Map<String, String> environment =
                    Map.of("API_HOST", "localhost", "API_PORT", String.valueOf(loading.port()));
            assertThat(exitCode(environment, "health")).isEqualTo(1);
            assertThat(exitCode(environment, "health", "--live")).isZero();
        })) {
            assertThat(service.get("/health").status()).isEqualTo(200);
        }
    }

    private int exitCode(Map<String, String> environment, String... arguments) throws Exception {
        try (ApplicationProcess health = new ApplicationProcess(root, environment, arguments)) {
            return health.exitCode();
        }
    }
}
