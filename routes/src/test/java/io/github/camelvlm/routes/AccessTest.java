package io.github.camelvlm.routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who is let in: API keys, origins of web pages, and the ids of requests. */
class AccessTest {
    private static RunningService service;

    @BeforeAll
    static void start(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("keys"), "# two of them\nfirst\n\n second \n");
        service = new RunningService(Map.of(
                "api.key", "third",
                "api.key-file", file.toString(),
                "api.model-name", "gpt-4o, shapes",
                "api.cors-origins", "https://page.example"));
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/models",
                "/v1/chat/completions",
                "/v1/completions",
                "/v1/responses",
                "/v1/responses/resp_1",
                "//v1/models",
                "/v1/../v1/models",
                "/v1/nothing",
                "/tokenize",
                "/detokenize",
                "/metrics"
            })
    void letsNobodyInWithoutAKey(String path) throws Exception {
        RunningService.Reply reply = service.get(path);

        assertThat(reply.status()).isEqualTo(401);
        assertThat(reply.header("WWW-Authenticate")).isEqualTo("Bearer");
        assertThat(reply.error().get("code").asText()).isEqualTo("invalid_api_key");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Bearer fourth", "Bearer", "Bearer ", "first", "Basic first", "Bearer # two of them"})
    void letsNobodyInWithAnotherKey(String authorization) throws Exception {
        RunningService.Reply reply = service.send(service.request("/v1/models").header("Authorization", authorization));

        assertThat(reply.status()).isEqualTo(401);
        assertThat(reply.text()).doesNotContain("fourth");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Bearer first", "Bearer second", "Bearer third", "bearer  third"})
    void letsThoseInWhoHaveAKey(String authorization) throws Exception {
        assertThat(service.send(service.post("/v1/chat/completions", "{}").header("Authorization", authorization))
                        .status())
                .isEqualTo(400);
    }

    @Test
    void needsNoKeyForItsHealth() throws Exception {
        assertThat(service.get("/health").status()).isEqualTo(200);
    }

    @Test
    void tellsAPageWhatItMayAsk() throws Exception {
        RunningService.Reply reply = service.send(service.request("/v1/chat/completions")
                .header("Origin", "https://page.example")
                .header("Access-Control-Request-Method", "POST")
                .header("Access-Control-Request-Headers", "authorization,x-stainless-os")
                .method("OPTIONS", BodyPublishers.noBody()));

        assertThat(reply.status()).isEqualTo(204);
        assertThat(reply.header("Access-Control-Allow-Origin")).isEqualTo("https://page.example");
        assertThat(reply.header("Access-Control-Allow-Methods")).contains("POST");
        assertThat(reply.header("Access-Control-Allow-Headers")).contains("x-stainless-os");
    }

    @Test
    void letsAPageReadErrorsToo() throws Exception {
        RunningService.Reply reply = service.send(service.request("/nothing").header("Origin", "https://page.example"));

        assertThat(reply.status()).isEqualTo(404);
        assertThat(reply.header("Access-Control-Allow-Origin")).isEqualTo("https://page.example");
    }

    @Test
    void allowsNothingToOtherPages() throws Exception {
        RunningService.Reply reply = service.send(service.request("/health").header("Origin", "https://other.example"));

        assertThat(reply.header("Access-Control-Allow-Origin")).isNull();
        assertThat(reply.status()).isEqualTo(403);
        assertThat(reply.error().get("message").asText()).isNotBlank();
    }

    @ParameterizedTest
    @CsvSource({
        "http://localhost:PORT, ''",
        "https://localhost:PORT, ''",
        "https://behind.example, same-origin",
    })
    void letsItsOwnPagesAsk(String origin, String site) throws Exception {
        RunningService.Reply reply = service.send(service.post("/v1/chat/completions", "{}")
                .header("Authorization", "Bearer first")
                .header("Origin", origin.replace("PORT", String.valueOf(service.port())))
                .header("Sec-Fetch-Site", site));

        assertThat(reply.status()).isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://localhost", "http://localhost:1", "null", "http://localhost.example", "://"})
    void takesNoOtherPageForItsOwn(String origin) throws Exception {
        RunningService.Reply reply = service.send(
                service.request("/health").header("Origin", origin).header("Sec-Fetch-Site", "cross-site"));

        assertThat(reply.status()).isEqualTo(403);
    }

    @Test
    void returnsTheIdOfARequest() throws Exception {
        assertThat(service.send(service.request("/nothing").header("X-Request-Id", "my-id_1.2"))
                        .header("X-Request-Id"))
                .isEqualTo("my-id_1.2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"has space", "ünlike", "a;b"})
    void makesAnIdOfItsOwnInPlaceOfAStrangeOne(String id) throws Exception {
        assertThat(service.send(service.request("/health").header("X-Request-Id", id))
                        .header("X-Request-Id"))
                .startsWith("req-");
    }

    @Test
    void servesTheModelByTheNamesItIsGiven() throws Exception {
        RunningService.Reply reply =
                service.send(service.request("/v1/models").header("Authorization", "Bearer first"));

        assertThat(reply.json().findValuesAsText("id")).containsExactly("gpt-4o", "shapes");
    }
}
