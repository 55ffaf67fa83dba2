package io.github.camelvlm.routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which methods a path has, and how the path of a model is written. */
class MethodsAndPathsTest {
    private static RunningService service;

    @BeforeAll
    static void start() {
        service = new RunningService(Map.of("api.model-name", "Qwen/Qwen2-VL-2B-Instruct,shapes-vl"));
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/models/Qwen/Qwen2-VL-2B-Instruct",
                "/v1/models/Qwen%2FQwen2-VL-2B-Instruct",
                "/v1/models/Qwen/Qwen2-VL-2B-Instruct?x=1"
            })
    void findAModelWhoseIdHasASlash(String path) throws Exception {
        RunningService.Reply reply = service.get(path);

        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
        assertThat(reply.json().get("id").asText()).isEqualTo("Qwen/Qwen2-VL-2B-Instruct");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/models/other/model", "/v1/models/a/b/c", "/v1/models/%zz/b"})
    void tellWhichModelTheyDoNotKnow(String path) throws Exception {
        String reply = RawHttp.send(
                service.port(), "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");

        assertThat(reply).containsPattern("HTTP/1.1 40[04] ").contains("{\"error\":{\"message\":\"");
    }

    @Test
    void takeTheModelFromThePathAlone() throws Exception {
        assertThat(service.get("/v1/models/shapes-vl?id=other").json().get("id").asText())
                .isEqualTo("shapes-vl");
        assertThat(service.get("/v1/models/other?id=shapes-vl").status()).isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/models",
                "/v1/models/shapes-vl",
                "/v1/models/Qwen/Qwen2-VL-2B-Instruct",
                "/api/tags",
                "/api/ps",
                "/api/version",
                "/metrics",
                "/health",
                "/docs"
            })
    void haveHeadWhereverTheyHaveGet(String path) throws Exception {
        RunningService.Reply reply = service.send(service.request(path).method("HEAD", BodyPublishers.noBody()));

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.text()).isEmpty();
    }

    @Test
    void tellThatAResponseCanBeForgotten() throws Exception {
        RunningService.Reply reply =
                service.send(service.request("/v1/responses/resp_1").method("OPTIONS", BodyPublishers.noBody()));

        assertThat(reply.header("Allow")).isEqualTo("DELETE, GET, HEAD, OPTIONS");
    }

    @ParameterizedTest
    @CsvSource({
        "/v1/chat/completions, 'OPTIONS, POST'",
        "/v1/completions, 'OPTIONS, POST'",
        "/v1/responses, 'OPTIONS, POST'",
        "/v1/messages, 'OPTIONS, POST'",
        "/v1/messages/count_tokens, 'OPTIONS, POST'",
        "/api/chat, 'OPTIONS, POST'",
        "/api/generate, 'OPTIONS, POST'",
        "/api/show, 'OPTIONS, POST'",
        "/api/tags, 'GET, HEAD, OPTIONS'",
        "/api/version, 'GET, HEAD, OPTIONS'",
        "/tokenize, 'OPTIONS, POST'",
        "/v1/models, 'GET, HEAD, OPTIONS'",
        "/v1/models/, 'GET, HEAD, OPTIONS'",
        "/v1/models/shapes-vl, 'GET, HEAD, OPTIONS'",
        "/health, 'GET, HEAD, OPTIONS'"
    })
    void tellTheirMethods(String path, String methods) throws Exception {
        RunningService.Reply options = service.send(service.request(path).method("OPTIONS", BodyPublishers.noBody()));
        RunningService.Reply delete = service.send(service.request(path).DELETE());

        assertThat(options.status()).isEqualTo(204);
        assertThat(options.header("Allow")).isEqualTo(methods);
        assertThat(delete.status()).isEqualTo(405);
        assertThat(delete.header("Allow")).isEqualTo(methods);
    }

    @ParameterizedTest
    @ValueSource(strings = {"OPTIONS", "HEAD", "DELETE"})
    void haveNoMethodsWhereThereIsNothing(String method) throws Exception {
        assertThat(service.send(service.request("/nothing").method(method, BodyPublishers.noBody()))
                        .status())
                .isEqualTo(404);
    }
}
