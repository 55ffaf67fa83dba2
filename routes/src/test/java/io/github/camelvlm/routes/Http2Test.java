package io.github.camelvlm.routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Several requests on one connection at once. */
class Http2Test {
    private static RunningService service;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build();

    @BeforeAll
    static void start() {
        service = new RunningService(Map.of("api.max-body", "1000000"));
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    @Test
    void refusesARequestBeforeItsBodyAndGoesOnWithTheOthersOfTheConnection() throws Exception {
        assertThat(client.send(service.request("/health").build(), BodyHandlers.ofString())
                        .version())
                .isEqualTo(HttpClient.Version.HTTP_2);
        HttpRequest answer = service.post(
                        "/v1/chat/completions",
                        Conversations.longAnswer(3900)
                                .put("ignore_eos", true)
                                .put("stream", true)
                                .toString())
                .build();
        HttpResponse<InputStream> stream = client.send(answer, BodyHandlers.ofInputStream());

        HttpResponse<String> refusal = client.send(
                service.post("/v1/chat/completions", " ".repeat(2_000_000)).build(), BodyHandlers.ofString());

        assertThat(refusal.version()).isEqualTo(HttpClient.Version.HTTP_2);
        assertThat(refusal.statusCode()).isEqualTo(413);
        assertThat(new RunningService.Reply(refusal).error().get("code").asText())
                .isEqualTo("request_too_large");
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(stream.body(), StandardCharsets.UTF_8))) {
            assertThat(lines.lines()).contains("data: [DONE]");
        }
    }

    @Test
    void countsAnAnswerAsAnswered() throws Exception {
        HttpRequest request = service.post(
                        "/v1/chat/completions",
                        Conversations.describe("one-shape.png", "Describe this image.")
                                .toString())
                .build();

        HttpResponse<String> reply = client.send(request, BodyHandlers.ofString());

        assertThat(reply.version()).isEqualTo(HttpClient.Version.HTTP_2);
        assertThat(reply.statusCode()).isEqualTo(200);
        Await.until(
                "the request is counted",
                () -> service.metric("vlm_requests_seconds_count{reason=\"stop\",status=\"200\"}") == 1);
    }
}
