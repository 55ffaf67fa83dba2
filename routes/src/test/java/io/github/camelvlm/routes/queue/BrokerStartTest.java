package io.github.camelvlm.routes.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelvlm.routes.ApplicationProcess;
import io.github.camelvlm.routes.Await;
import io.github.camelvlm.routes.Goldens;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the log says where no broker is. */
class BrokerStartTest {
    @TempDir
    private Path directory;

    @Test
    void namesTheBrokerThatIsNotThereOnce() throws Exception {
        Map<String, String> environment = Map.of(
                "VLM_MODEL", Goldens.MODEL.toString(),
                "VLM_FOLDER", "false",
                "VLM_QUEUE", "true",
                "QUEUE_URL", "tcp://127.0.0.1:1");
        try (ApplicationProcess application = new ApplicationProcess(directory, environment)) {
            Await.until(
                    "a warning",
                    Duration.ofMinutes(2),
                    () -> !warnings(application).isEmpty());
            application.stop();

            assertThat(warnings(application))
                    .singleElement()
                    .satisfies(line -> assertThat(line)
                            .contains("The queue is not answered: the broker at tcp://127.0.0.1:1 cannot be reached (")
                            .endsWith("): start it, or name another by queue.url. It is tried again"));
        }
    }

    private static List<String> warnings(ApplicationProcess application) throws Exception {
        return application.output().stream()
                .filter(line -> line.contains(" WARN ") || line.contains(" ERROR "))
                .toList();
    }
}
