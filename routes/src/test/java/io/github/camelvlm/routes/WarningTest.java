package io.github.camelvlm.routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the log says of a service that is open to everybody. */
class WarningTest {
    @ParameterizedTest
    @CsvSource({"0.0.0.0, '', 1", "0.0.0.0, secret, 0", "127.0.0.1, '', 0"})
    void namesThePropertiesThatCloseIt(String host, String key, int warnings, @TempDir Path directory)
            throws Exception {
        try (ApplicationProcess application = new ApplicationProcess(
                directory,
                Map.of(
                        "VLM_MODEL",
                        Goldens.MODEL.toString(),
                        "VLM_FOLDER",
                        "false",
                        "API_HOST",
                        host,
                        "API_KEY",
                        key))) {
            Await.until(
                    "the application serves",
                    Duration.ofMinutes(2),
                    () -> application.output().stream().anyMatch(line -> line.contains("Serving ")));

            assertThat(application.output())
                    .filteredOn(
                            line -> line.contains(" WARN ") && line.contains("API_KEY") && line.contains("API_HOST"))
                    .hasSize(warnings);
        }
    }
}
