package io.github.camelvlm.routes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the service tells of itself. */
class DocsAndMetricsTest {
    private static RunningService service;

    @BeforeAll
    static void start() {
        service = new RunningService(Map.of());
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    @Test
    void givesAnExampleThatWorks() throws Exception {
        JsonNode examples = service.get("/openapi.json")
                .json()
                .at("/paths/~1v1~1chat~1completions/post/requestBody/content")
                .get("application/json")
                .get("examples");

        for (JsonNode example : examples) {
            assertThat(service.chat(example.get("value").toString()).status()).isEqualTo(200);
        }
        assertThat(examples).hasSize(2);
    }

    @Test
    void describesEveryPathThatItServes() throws Exception {
        JsonNode paths = service.get("/openapi.json").json().get("paths");

        List<String> names = new ArrayList<>();
        paths.fieldNames().forEachRemaining(names::add);
        for (String path : names) {
            int status = service.get(path.replace("{id}", "shapes-vl")).status();
            // Nothing has been answered yet that could be shown again.
            int shown = path.startsWith("/v1/responses/") ? 404 : 200;
            assertThat(status).as(path).isEqualTo(paths.get(path).has("get") ? shown : 405);
        }
    }

    @Test
    void refersOnlyToSchemasThatItHas() throws Exception {
        RunningService.Reply reply = service.get("/openapi.json");

        for (JsonNode reference : reply.json().findValues("$ref")) {
            assertThat(reply.json().at(reference.asText().substring(1)).isMissingNode())
                    .as(reference.asText())
                    .isFalse();
        }
    }

    @Test
    void showsAPageToTryItFrom() throws Exception {
        assertThat(service.get("/docs").header("Content-Type")).startsWith("text/html");
        assertThat(service.get("/docs/swagger-ui.css").status()).isEqualTo(200);
        assertThat(service.get("/docs/swagger-ui-bundle.js").text()).contains("SwaggerUI");
        assertThat(service.get("/docs/../pom.xml").status()).isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/docs", "/openapi.json", "/docs/swagger-ui.css"})
    void tellsAboutAPageWithoutSendingIt(String path) throws Exception {
        RunningService.Reply page = service.get(path);
        RunningService.Reply head =
                service.send(service.request(path).method("HEAD", HttpRequest.BodyPublishers.noBody()));

        assertThat(head.status()).isEqualTo(200);
        assertThat(head.header("Content-Type")).isEqualTo(page.header("Content-Type"));
        assertThat(head.text()).isEmpty();
    }

    @Test
    void tellsMetricsUnderTheNamesOfVllm() throws Exception {
        assertThat(service.get("/metrics").text()).doesNotContain("vllm:");
        try (RunningService named = new RunningService(Map.of("api.vllm-metrics", "true"))) {
            named.chat(Conversations.describe("one-shape.png", "Describe this image.")
                    .toString());

            Await.until("all are counted", () -> {
                String metrics = named.get("/metrics").text();
                List<String> lines = metrics.lines().toList();
                String label = "{model_name=\"shapes-vl\"}";
                return lines.contains("# TYPE vllm:num_requests_running gauge")
                        && lines.contains("vllm:num_requests_running" + label + " 0.0")
                        && lines.contains("vllm:num_requests_waiting" + label + " 0.0")
                        && lines.contains("# TYPE vllm:time_to_first_token_seconds histogram")
                        && lines.contains("vllm:time_to_first_token_seconds_count" + label + " 1")
                        && lines.contains("vllm:e2e_request_latency_seconds_count" + label + " 1")
                        && lines.contains("vllm:time_per_output_token_seconds_count" + label + " 1")
                        && metrics.contains("vllm:prompt_tokens_total" + label)
                        && metrics.contains("vllm:kv_cache_usage_perc" + label)
                        && metrics.contains("vllm:gpu_cache_usage_perc" + label)
                        && metrics.contains("vllm:prefix_cache_hits_total" + label)
                        && lines.contains(
                                "vllm:request_success_total{finished_reason=\"stop\",model_name=\"shapes-vl\"} 1.0")
                        && lines.contains("vlm_num_requests_running" + label + " 0.0");
            });
        }
    }

    @Test
    void countsRequestsByTheirEnd() throws Exception {
        service.chat("{}");
        service.chat(
                Conversations.describe("one-shape.png", "Describe this image.").toString());
        try (EventStream stream = new EventStream(
                service.port(),
                Conversations.longAnswer(3900)
                        .put("ignore_eos", true)
                        .put("stream", true)
                        .toString())) {
            stream.line();
        }

        Await.until("all are counted", () -> {
            String metrics = service.get("/metrics").text();
            return metrics.contains("vlm_requests_seconds_count{reason=\"invalid_request_error\",status=\"400\"}")
                    && metrics.contains("vlm_requests_seconds_count{reason=\"stop\",status=\"200\"}")
                    && metrics.contains("status=\"499\"")
                    && metrics.contains(
                            "vlm_request_success_total{finished_reason=\"cancelled\",model_name=\"shapes-vl\"} 1.0")
                    && metrics.contains("vlm_num_requests_running{model_name=\"shapes-vl\"} 0.0")
                    && metrics.contains("vlm_time_to_first_token_seconds_count{model_name=\"shapes-vl\"}")
                    && metrics.contains("gen_ai_client_token_usage_count{")
                    && !metrics.contains("vlm_generation_tokens_total{model_name=\"shapes-vl\"} 0.0")
                    && metrics.contains("vlm_requests_in_hand 0.0");
        });
    }
}
