package io.github.camelvlm.routes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogTest {
    private static final String LAST_LINE = " in a browser to try it";

    @TempDir
    private Path root;

    @Test
    void tellsWhatIsServedWhereByWhatAndWithinWhichLimits() throws Exception {
        Map<String, String> environment = Map.of(
                "VLM_MODEL", Goldens.MODEL.toString(),
                "VLM_DTYPE", "float32",
                "API_KEY", "secret",
                "API_MAX_REQUESTS", "20");
        try (ApplicationProcess application = new ApplicationProcess(root, environment)) {
            await(application);

            List<String> lines = application.output().stream()
                    .filter(line ->
                            line.matches("\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d\\.\\d{3} \\[main] INFO  .*"))
                    .map(line -> line.replaceFirst(".* INFO  ", ""))
                    .toList();
            assertThat(lines)
                    .anyMatch(line -> line.startsWith("Model shapes-vl runs on cpu as float32 with plain weights: "))
                    .noneMatch(line -> line.contains("Started "));
            int first = lines.indexOf(lines.stream()
                    .filter(line -> line.startsWith("Serving "))
                    .findFirst()
                    .orElseThrow());
            assertThat(lines.subList(first, lines.size()).stream()
                            .map(line -> line.replaceFirst(":\\d+/", ":PORT/").replaceFirst("(In process ).*", "$1")))
                    .containsExactly(
                            "Serving OpenAI's API at http://127.0.0.1:PORT/v1",
                            "  to try at /docs, observed by /health and /metrics; asked with a key",
                            "  at most 20 requests in hand, 16 pictures of 20 MB each, 10m for an answer",
                            "Watching " + root.resolve("inbox") + " for pictures; captions go to "
                                    + root.resolve("captions"),
                            "  8 in hand at once, at most 104.9 MB each",
                            "The model shapes-vl answers 8 requests at once, 64 more wait",
                            "In process ",
                            "Open http://127.0.0.1:PORT/" + LAST_LINE);
        }
    }

    @Test
    void isWrittenAsJsonOnRequest() throws Exception {
        Files.writeString(root.resolve("application.properties"), "vlm.log-format = json\n");
        try (ApplicationProcess application =
                new ApplicationProcess(root, Map.of("VLM_MODEL", Goldens.MODEL.toString(), "VLM_FOLDER", "false"))) {
            await(application);

            assertThat(application.output()).isNotEmpty().allSatisfy(line -> {
                JsonNode event = new ObjectMapper().readTree(line);
                assertThat(Instant.parse(event.get("@timestamp").asText())).isBefore(Instant.now());
                assertThat(event.get("log.level").asText()).isIn("INFO", "WARN");
                assertThat(event.get("message").asText()).isNotEmpty();
                assertThat(event.get("process.thread.name").asText()).isNotEmpty();
            });
            assertThat(application.errors()).isEmpty();
        }
    }

    @Test
    void holdsTheReasonOfAFailedStartWhereItIsJson() throws Exception {
        try (ApplicationProcess application = new ApplicationProcess(root, Map.of("VLM_LOG_FORMAT", "json"))) {
            assertThat(application.exitCode()).isEqualTo(1);

            assertThat(new ObjectMapper()
                            .readTree(application
                                    .output()
                                    .get(application.output().size() - 1))
                            .get("message")
                            .asText())
                    .startsWith("camel-vlm cannot start: no model is named.");
        }
    }

    @Test
    void hasNoOtherForm() throws Exception {
        try (ApplicationProcess application = new ApplicationProcess(root, Map.of(), "--vlm.log-format=xml")) {
            assertThat(application.exitCode()).isEqualTo(1);
            assertThat(application.errors())
                    .containsExactly("camel-vlm cannot start: vlm.log-format is \"xml\": write text or json");
        }
    }

    private static void await(ApplicationProcess application) throws Exception {
        Await.until(
                "the application has started",
                Duration.ofMinutes(2),
                () -> application.output().stream().anyMatch(line -> line.contains(LAST_LINE)));
    }
}
