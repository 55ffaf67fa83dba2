package io.github.camelvlm.routes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
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
        service = new RunningService(
                Map.of("api.http2", "true", "api.max-body", "1000000", "api.patience-millis", "500"));
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
        HttpRequest answer =
                service.post("/v1/chat/completions", endless().toString()).build();
        HttpResponse<InputStream> stream = client.send(answer, BodyHandlers.ofInputStream());

        HttpResponse<String> refusal = client.send(
                service.post("/v1/chat/completions", " ".repeat(2_000_000)).build(), BodyHandlers.ofString());

        assertThat(refusal.version()).isEqualTo(HttpClient.Version.HTTP_2);
        assertThat(refusal.statusCode()).isEqualTo(413);
        assertThat(new RunningService.Reply(refusal).error().get("code").asText())
                .isEqualTo("request_too_large");
        assertThat(lines(stream)).contains("data: [DONE]");
    }

    @Test
    void takesJsonByWhateverCaseItsTypeIsWrittenInAndTellsTheDate() throws Exception {
        HttpRequest request = service.request("/v1/chat/completions")
                .header("Content-Type", "Application/JSON")
                .POST(HttpRequest.BodyPublishers.ofString(
                        "{\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}],\"max_tokens\":0}"))
                .build();

        HttpResponse<String> reply = client.send(request, BodyHandlers.ofString());

        assertThat(reply.version()).isEqualTo(HttpClient.Version.HTTP_2);
        assertThat(new RunningService.Reply(reply).error().get("param").asText())
                .isEqualTo("max_tokens");
        assertThat(reply.headers().firstValue("date")).isPresent();
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

    @Test
    void leavesAReaderThatTakesNothingAndGoesOnWithTheOthersOfTheConnection() throws Exception {
        ObjectNode much = endless().put("n", 8).put("logprobs", true).put("top_logprobs", 20);
        HttpRequest slow = service.post("/v1/chat/completions", much.toString()).build();
        client.send(slow, BodyHandlers.ofInputStream());
        HttpRequest other =
                service.post("/v1/chat/completions", endless().toString()).build();

        HttpResponse<InputStream> stream = client.send(other, BodyHandlers.ofInputStream());

        assertThat(lines(stream)).contains("data: [DONE]");
        // More than the 16 MB that Java's client takes for a reader.
        Await.until(
                "the slow reader is left",
                () -> service.metric("vlm_requests_seconds_count{reason=\"slow_reader\",status=\"499\"}") == 1);
    }

    private static ObjectNode endless() throws IOException {
        return Conversations.longAnswer(3900).put("ignore_eos", true).put("stream", true);
    }

    private static List<String> lines(HttpResponse<InputStream> stream) throws IOException {
        try (InputStream body = stream.body()) {
            return new String(body.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
        }
    }
}
