package io.github.camelvlm.routes.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelvlm.routes.ApplicationProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigCommandTest {
    @TempDir
    private Path root;

    @Test
    void tellsWhatHoldsAndWhereItWasSaid() throws Exception {
        Files.write(
                root.resolve("application.properties"),
                List.of(
                        "vlm.max-tokens = 60",
                        "vlm.prompt = from the file",
                        "vlm.promt = misspelt",
                        "camel.main.shutdown-timeout = 5"));
        Map<String, String> environment = Map.of(
                "VLM_MAX_SEQUENCES", "4",
                "VLM_PROMPT", "from the environment",
                "API_KEY", "very-secret",
                "QUEUE_URI", "tcp://nowhere");
        try (ApplicationProcess config =
                new ApplicationProcess(root, environment, "config", "--vlm.prompt=from the command line")) {
            assertThat(config.exitCode()).isZero();

            assertThat(config.output().stream().map(line -> line.replaceAll(" +", " ")))
                    .contains(
                            "vlm.prompt = from the command line # command line",
                            "vlm.max-sequences = 4 # environment VLM_MAX_SEQUENCES",
                            "vlm.max-tokens = 60 # application.properties",
                            "vlm.at-once = 4 # default",
                            "vlm.min-pixels = # not set",
                            "api.key = ****** # environment API_KEY",
                            "camel.main.shutdown-timeout = 5 # application.properties")
                    .noneMatch(line -> line.startsWith("camel.component."))
                    .noneMatch(line -> line.contains("very-secret"));
            assertThat(config.errors())
                    .containsExactly(
                            "The property vlm.promt is unknown and does nothing: the nearest known one is vlm.prompt",
                            "The environment variable QUEUE_URI is unknown and does nothing: the nearest known one is"
                                    + " QUEUE_URL");
        }
        assertThat(root.resolve("inbox")).doesNotExist();
    }

    @Test
    void failsWhereAValueCannotBeMeant() throws Exception {
        try (ApplicationProcess config = new ApplicationProcess(root, Map.of(), "config", "--vlm.folder=maybe")) {
            assertThat(config.exitCode()).isEqualTo(1);
            assertThat(config.output()).anyMatch(line -> line.startsWith("vlm.folder = maybe "));
            assertThat(config.errors()).containsExactly("camel-vlm: vlm.folder is \"maybe\": write true or false");
        }
    }

    @Test
    void refusesAnArgumentThatIsNoProperty() throws Exception {
        try (ApplicationProcess config = new ApplicationProcess(root, Map.of(), "config", "everything")) {
            assertThat(config.exitCode()).isEqualTo(2);
            assertThat(config.errors()).first().asString().startsWith("\"everything\" is not a property: write ");
        }
    }
}
