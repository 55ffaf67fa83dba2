package io.github.camelvlm.routes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URLEncoder;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The service as plain HTTP shows it. */
class HttpServiceTest {
    private static RunningService service;

    @BeforeAll
    static void start() {
        service = new RunningService(Map.of("api.max-body", "1000000"));
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    @ParameterizedTest(name = "{index}")
    @MethodSource("io.github.camelvlm.routes.Goldens#all")
    void answersAsTransformersDoes(JsonNode golden) throws Exception {
        Goldens.assertIsAnswer(service.chat(Conversations.request(golden).toString()), golden);
    }

    @Test
    void showsAnAnimationThatIsSentAsAVideo() throws Exception {
        ObjectNode request = Conversations.describe("one-shape.png", "Describe this image.");
        ((ObjectNode) request.at("/messages/0/content/0"))
                .put("type", "video_url")
                .put("max_pixels", 12544)
                .putObject("video_url")
                .put("url", "data:image/gif;base64," + Base64.getEncoder().encodeToString(DocumentFile.animation()));

        assertThat(service.chat(request.toString())
                        .json()
                        .at("/choices/0/message/content")
                        .asText())
                .isEqualTo(DocumentFile.FILM_CAPTION);
    }

    @Test
    void sendsNoHeaderOfTheRequestBack() throws Exception {
        RunningService.Reply reply = service.send(service.post("/v1/chat/completions", "{}")
                .header("Authorization", "Bearer secret")
                .header("X-Other", "1"));

        assertThat(reply.response().headers().map().keySet())
                .map(String::toLowerCase)
                .containsExactlyInAnyOrder("content-length", "content-type", "date", "x-request-id");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/health", "/v1/models", "/nothing", "/docs", "/metrics"})
    void tellsTheDateWithEveryAnswer(String path) throws Exception {
        String date = service.get(path).header("Date");

        assertThat(date).matches("[A-Z][a-z]{2}, \\d{2} [A-Z][a-z]{2} \\d{4} \\d{2}:\\d{2}:\\d{2} GMT");
        assertThat(Duration.between(
                        ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME)
                                .toInstant(),
                        Instant.now()))
                .isBetween(Duration.ofSeconds(-1), Duration.ofSeconds(30));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Application/JSON", "application/json; charset=UTF-8", "APPLICATION/JSON;Charset=utf-8"})
    void takesJsonByWhateverCaseItsTypeIsWrittenIn(String type) throws Exception {
        RunningService.Reply reply = service.send(service.request("/v1/chat/completions")
                .header("Content-Type", type)
                .POST(BodyPublishers.ofString(
                        "{\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}],\"max_tokens\":1}")));

        assertThat(reply.status()).isEqualTo(200);
    }

    @Test
    void namesThePartThatAPictureIs() throws Exception {
        for (String url : List.of("data:image/png;base64,aGVsbG8=", "http://127.0.0.1/a.png", "data:text/plain,x")) {
            RunningService.Reply reply = service.chat("{\"messages\":[{\"role\":\"system\",\"content\":\"Hi\"},"
                    + "{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"What?\"},"
                    + "{\"type\":\"image_url\",\"image_url\":{\"url\":\"" + url + "\"}}]}]}");

            assertThat(reply.status()).isBetween(400, 422);
            assertThat(reply.error().get("param").asText()).startsWith("messages[1].content[1]");
        }
    }

    @Test
    void isHealthyOnceItHasStarted() throws Exception {
        assertThat(service.get("/health").status()).isEqualTo(200);
        assertThat(service.get("/health/ready").status()).isEqualTo(200);
        assertThat(service.get("/health/live").status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/nothing", "/v1", "/v1/chat/completions/more", "/v1/embeddings", "/health/other"})
    void tellsOfAnUnknownPathInJson(String path) throws Exception {
        RunningService.Reply reply = service.get(path);

        assertThat(reply.status()).isEqualTo(404);
        assertThat(reply.error().get("code").asText()).isEqualTo("not_found");
        assertThat(reply.error().get("message").asText()).contains("GET " + path);
    }

    @Test
    void repeatsOfAPictureInBase64NoMoreThanItsBeginning() throws Exception {
        String picture = Conversations.dataUrl("one-shape.png").replaceFirst(".*,", "");
        String hello = "\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]";

        for (RunningService.Reply reply : List.of(
                service.get("/v1/" + picture),
                service.get("/v1/models/" + URLEncoder.encode(picture, StandardCharsets.UTF_8)),
                service.chat(picture),
                service.chat("{\"model\":\"" + picture + "\"," + hello + "}"),
                service.chat("{\"tool_choice\":\"" + picture + "\"," + hello + "}"))) {
            assertThat(reply.status()).isIn(400, 404);
            assertThat(reply.error().toString())
                    .contains(picture.substring(0, 7))
                    .doesNotContain(picture.substring(0, 20))
                    .doesNotContain(picture.substring(40, 60));
        }
    }

    @Test
    void tellsOfAWrongMethodInJson() throws Exception {
        RunningService.Reply reply = service.get("/v1/chat/completions");

        assertThat(reply.status()).isEqualTo(405);
        assertThat(reply.error().get("code").asText()).isEqualTo("method_not_allowed");
    }

    @Test
    void tellsOfABodyThatIsNotJson() throws Exception {
        RunningService.Reply reply = service.send(service.request("/v1/chat/completions")
                .header("Content-Type", "text/plain")
                .POST(BodyPublishers.ofString("{}")));

        assertThat(reply.status()).isEqualTo(415);
        assertThat(reply.error().get("code").asText()).isEqualTo("unsupported_media_type");
    }

    @Test
    void tellsOfABodyThatIsTooLarge() throws Exception {
        RunningService.Reply reply = service.chat("\"" + "x".repeat(2_000_000) + "\"");

        assertThat(reply.status()).isEqualTo(413);
        assertThat(reply.error().get("code").asText()).isEqualTo("request_too_large");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[]", "null", "{}", "{\"messages\":[]}", "{\"messages\":7}"})
    void tellsWhatIsWrongWithARequest(String body) throws Exception {
        RunningService.Reply reply = service.chat(body);

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.error().get("type").asText()).isEqualTo("invalid_request_error");
        assertThat(reply.error().get("message").asText()).isNotBlank();
    }

    @Test
    void listsTheModel() throws Exception {
        RunningService.Reply reply = service.get("/v1/models");

        assertThat(reply.json().get("object").asText()).isEqualTo("list");
        assertThat(reply.json().at("/data/0/id").asText()).isEqualTo("shapes-vl");
        assertThat(service.get("/v1/models/shapes-vl").json())
                .isEqualTo(reply.json().at("/data/0"));
    }

    @Test
    void knowsNoOtherModel() throws Exception {
        assertThat(service.get("/v1/models/other%2Fmodel").status()).isEqualTo(404);
        RunningService.Reply reply =
                service.chat("{\"model\":\"other\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}");

        assertThat(reply.status()).isEqualTo(404);
        assertThat(reply.error().get("code").asText()).isEqualTo("model_not_found");
        assertThat(reply.error().get("message").asText()).contains("shapes-vl");
    }

    @Test
    void writesTextAsTokensAndBack() throws Exception {
        RunningService.Reply tokens = service.send(service.post("/tokenize", "{\"prompt\":\"a red circle\"}"));
        RunningService.Reply text = service.send(
                service.post("/detokenize", "{\"tokens\":" + tokens.json().get("tokens") + "}"));

        assertThat(tokens.json().get("count").asInt())
                .isEqualTo(tokens.json().get("tokens").size());
        assertThat(text.json().get("prompt").asText()).isEqualTo("a red circle");
    }

    @ParameterizedTest
    @MethodSource("malformed")
    void tellsInJsonThatARequestIsNoHttp(String request, int status) throws Exception {
        String reply = RawHttp.send(service.port(), request);

        assertThat(reply).matches("(?s)HTTP/1\\.[01] " + status + " .*");
        assertThat(reply).contains("{\"error\":{\"message\":\"").containsIgnoringCase("\r\ndate: ");
    }

    static Stream<Arguments> malformed() {
        return Stream.of(
                Arguments.of("\0\1\2 nothing of the kind\r\n\r\n", 400),
                Arguments.of("GET /" + "x".repeat(5000) + " HTTP/1.1\r\nHost: localhost\r\n\r\n", 414),
                Arguments.of("GET / HTTP/1.1\r\nHost: localhost\r\nX: " + "x".repeat(20_000) + "\r\n\r\n", 431),
                Arguments.of(
                        "POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nContent-Length: many\r\n\r\n", 400));
    }
}
