package io.github.camelvlm.routes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever goes wrong, the clients of each protocol read of it in their own words, and a client that leaves ends its answer. */
class DialectErrorsTest {
    private static final String ASKED = "\"messages\":[{\"role\":\"user\",\"content\":\"Tell.\"}]";
    private static final Map<String, RunningService.Reply> EARLY = new HashMap<>();
    private static RunningService service;

    /** A request for an answer of many tokens, in the words of each protocol. */
    private enum Protocol {
        CHAT("/v1/chat/completions", "\"max_tokens\":3500,\"ignore_eos\":true," + ASKED),
        COMPLETIONS("/v1/completions", "\"max_tokens\":3500,\"ignore_eos\":true,\"prompt\":\"Tell.\""),
        RESPONSES(
                "/v1/responses",
                "\"max_output_tokens\":3500," + form("\"text\":{\"format\":", "}") + ",\"input\":\"a\""),
        MESSAGES("/v1/messages", "\"max_tokens\":3500," + form("\"output_config\":{\"format\":", "}") + "," + ASKED),
        OLLAMA_CHAT("/api/chat", "\"options\":{\"num_predict\":3500},\"format\":" + SCHEMA + "," + ASKED),
        OLLAMA_GENERATE(
                "/api/generate", "\"options\":{\"num_predict\":3500},\"format\":" + SCHEMA + ",\"prompt\":\"a\"");

        private final String path;
        private final String asked;

        Protocol(String path, String asked) {
            this.path = path;
            this.asked = asked;
        }

        private static String form(String before, String after) {
            return before + "{\"type\":\"json_schema\",\"name\":\"n\",\"schema\":" + SCHEMA + "}" + after;
        }

        String streamed() {
            return "{\"stream\":true," + asked + "}";
        }
    }

    private static final String SCHEMA =
            "{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"string\",\"minLength\":3000}},\"required\":[\"a\"]}";

    @BeforeAll
    static void start() {
        service = new RunningService(
                Map.of("api.key", "secret", "api.max-body", "100000", "api.max-requests", "1"), loading -> {
                    for (Protocol protocol : Protocol.values()) {
                        EARLY.put(protocol.path, loading.send(with(loading.post(protocol.path, "{}"))));
                    }
                });
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    @BeforeEach
    void letTheLastTestEnd() throws Exception {
        Await.until("no request in hand", () -> service.requestsInHand() == 0);
    }

    private static HttpRequest.Builder with(HttpRequest.Builder request) {
        return request.header("Authorization", "Bearer secret");
    }

    private static HttpRequest.Builder body(String path, String type, HttpRequest.BodyPublisher body) {
        return with(service.request(path)).header("Content-Type", type).POST(body);
    }

    private static HttpRequest.Builder coded(String path, String coding) {
        return with(service.post(path, "{}")).header("Content-Encoding", coding);
    }

    /** A request for each way to be refused, the status first. */
    static Stream<List<Object>> refused() {
        return Stream.of(Protocol.values())
                .map(protocol -> protocol.path)
                .flatMap(path -> Stream.of(
                        List.of(401, path, service.post(path, "{}")),
                        List.of(404, path, with(service.post(path + "/nothing/there", "{}"))),
                        List.of(
                                404,
                                path,
                                with(service.post(
                                        path, asked(path).put("model", "other").toString()))),
                        List.of(
                                405,
                                path,
                                with(service.request(path)).method("PUT", HttpRequest.BodyPublishers.noBody())),
                        List.of(413, path, with(service.post(path, "x".repeat(100_001)))),
                        List.of(415, path, body(path, "text/plain", HttpRequest.BodyPublishers.ofString("{}"))),
                        List.of(415, path, coded(path, "br")),
                        List.of(400, path, coded(path, "gzip")),
                        List.of(400, path, with(service.post(path, "{"))),
                        List.of(400, path, with(service.post(path, ""))),
                        List.of(400, path, with(service.post(path, "[".repeat(1_000))))));
    }

    private static ObjectNode asked(String path) {
        try {
            return (ObjectNode) new ObjectMapper()
                    .readTree(Stream.of(Protocol.values())
                            .filter(protocol -> protocol.path.equals(path))
                            .findFirst()
                            .orElseThrow()
                            .streamed());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    @ParameterizedTest
    @MethodSource("refused")
    void tellWhatIsWrongInTheWordsOfTheProtocol(List<Object> refused) throws Exception {
        RunningService.Reply reply = service.send((HttpRequest.Builder) refused.get(2));

        assertTold(reply, (String) refused.get(1), (Integer) refused.get(0));
    }

    private static void assertTold(RunningService.Reply reply, String path, int status) throws Exception {
        assertThat(reply.status()).as(reply.text()).isEqualTo(status);
        assertThat(reply.header("Content-Type")).startsWith("application/json");
        JsonNode told = reply.json();
        if (path.startsWith("/api")) {
            assertThat(told.size()).as(reply.text()).isEqualTo(1);
            assertThat(told.get("error").asText()).isNotBlank();
            return;
        }
        JsonNode error = told.get("error");
        assertThat(error.get("message").asText()).isNotBlank();
        if (path.equals("/v1/messages")) {
            assertThat(told.get("type").asText()).isEqualTo("error");
            assertThat(error.get("type").asText())
                    .as(reply.text())
                    .isEqualTo(
                            switch (status) {
                                case 401 -> "authentication_error";
                                case 404 -> "not_found_error";
                                case 413 -> "request_too_large";
                                case 429 -> "rate_limit_error";
                                case 503 -> "overloaded_error";
                                default -> "invalid_request_error";
                            });
        } else {
            assertThat(error.fieldNames()).toIterable().containsExactly("message", "type", "param", "code");
        }
    }

    @Test
    void tellThatTheModelIsNotLoadedYet() throws Exception {
        assertThat(EARLY).hasSize(Protocol.values().length);
        for (Map.Entry<String, RunningService.Reply> early : EARLY.entrySet()) {
            assertTold(early.getValue(), early.getKey(), 503);
        }
    }

    @ParameterizedTest
    @MethodSource("protocols")
    void endTheAnswerOfAClientThatLeavesAndTellOthersToWaitUntilThen(String name) throws Exception {
        Protocol protocol = Protocol.valueOf(name);
        double before = service.ended("cancelled");
        HttpResponse<InputStream> answer = service.client()
                .send(
                        with(service.post(protocol.path, protocol.streamed())).build(),
                        HttpResponse.BodyHandlers.ofInputStream());
        assertThat(answer.statusCode()).isEqualTo(200);

        try (BufferedReader reader = new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8))) {
            assertThat(reader.readLine()).isNotBlank();
            for (Protocol other : Protocol.values()) {
                assertTold(service.send(with(service.post(other.path, "{}"))), other.path, 429);
            }
        }

        Await.until("its answer is cancelled", () -> service.ended("cancelled") == before + 1);
    }

    static Stream<String> protocols() {
        return Stream.of(Protocol.values()).map(Enum::name);
    }
}
