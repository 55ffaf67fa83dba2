package io.github.camelvlm.routes.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.camelvlm.routes.ApplicationProcess;
import io.github.camelvlm.routes.Await;
import io.github.camelvlm.routes.Conversations;
import io.github.camelvlm.routes.Goldens;
import io.github.camelvlm.routes.RunningService;
import io.opentelemetry.proto.trace.v1.Span;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TelemetryTest {
    @TempDir
    private Path root;

    private static final List<String> METRICS = List.of(
            "vlm.requests",
            "vlm.requests.in.hand",
            "vlm.num.requests.waiting",
            "vlm.generation.tokens",
            "gen_ai.client.operation.duration",
            "jvm.memory.used",
            "process.resident.memory");

    @Test
    @EnabledOnOs(OS.LINUX)
    void tellsPrometheusOfTheProcess() throws Exception {
        try (RunningService service = new RunningService(Map.of())) {
            assertThat(service.metric("jvm_memory_used_bytes{area=\"heap\"")).isPositive();
            assertThat(service.metric("jvm_threads_live_threads")).isGreaterThan(5);
            assertThat(service.metric("process_files_open_files")).isGreaterThan(5);
            assertThat(service.metric("process_uptime_seconds")).isPositive();
            // libtorch alone is larger than 100 MB.
            assertThat(service.metric("process_resident_memory_bytes")).isBetween(1e8, 1e11);
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void sendsMetricsAndTracesToACollector() throws Exception {
        try (OtlpReceiver collector = new OtlpReceiver()) {
            Map<String, String> properties = Map.of("vlm.otlp", collector.url() + "/", "vlm.otlp-interval", "500ms");
            try (RunningService service = new RunningService(properties)) {
                assertThat(service.chat(Conversations.describe("one-shape.png", "Describe this image.")
                                        .toString())
                                .status())
                        .isEqualTo(200);
                assertThat(service.get("/metrics").status()).isEqualTo(200);
                Await.until("metrics are sent", () -> collector.metricNames().containsAll(METRICS));
            }

            // What is left of the traces is sent when the application stops.
            assertThat(collector.spans())
                    .extracting(Span::getName)
                    .contains("chat shapes-vl")
                    .noneMatch(name -> name.contains("metrics"));
            assertThat(collector.spans())
                    .filteredOn(span -> span.getName().equals("chat shapes-vl"))
                    .allMatch(span -> !span.getParentSpanId().isEmpty());
            assertThat(collector.services()).isNotEmpty().allMatch("camel-vlm"::equals);
        }
    }

    @Test
    void tellsOfACollectorThatIsNotThereOnceAndGoesOn() throws Exception {
        int closed;
        try (ServerSocket socket = new ServerSocket(0)) {
            closed = socket.getLocalPort();
        }
        Map<String, String> environment = Map.of(
                "VLM_MODEL",
                Goldens.MODEL.toString(),
                "VLM_FOLDER",
                "false",
                "VLM_OTLP",
                "http://127.0.0.1:" + closed,
                "VLM_OTLP_INTERVAL",
                "100ms");
        try (ApplicationProcess application = new ApplicationProcess(root, environment)) {
            Await.until(
                    "the application has started",
                    Duration.ofMinutes(2),
                    () -> application.output().stream().anyMatch(line -> line.contains("in a browser to try it")));
            String address = application.output().stream()
                    .filter(line -> line.contains(" Open "))
                    .findFirst()
                    .orElseThrow()
                    .replaceFirst(".* Open (\\S+) .*", "$1");
            HttpRequest request =
                    HttpRequest.newBuilder(URI.create(address + "v1/models")).build();
            assertThat(HttpClient.newHttpClient()
                            .send(request, HttpResponse.BodyHandlers.ofString())
                            .statusCode())
                    .isEqualTo(200);

            application.interrupt();
            application.exitCode();

            assertThat(application.output())
                    .filteredOn(line -> line.contains(" WARN ") || line.contains(" ERROR ") || line.startsWith("\tat "))
                    .satisfiesExactlyInAnyOrder(
                            line -> assertThat(line).contains("The metrics do not reach http://127.0.0.1:" + closed),
                            line -> assertThat(line).contains("The traces do not reach http://127.0.0.1:" + closed));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost:4318", "http://", "grpc://localhost:4317", "http://localhost:4318?x"})
    void refusesWhatIsNoCollector(String url) {
        assertThatThrownBy(() -> new Otlp(url, Duration.ofMinutes(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("vlm.otlp is \"" + url
                        + "\": write the base URL of a collector, such as http://localhost:4318");
    }
}
