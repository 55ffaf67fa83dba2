package io.github.camelvlm.routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Connections on which nothing comes or goes. */
class IdleConnectionTest {
    private static RunningService service;

    @BeforeAll
    static void start() {
        service = new RunningService(Map.of("api.idle-millis", "1500"));
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "GET /health HT", "GET /health HTTP/1.1\r\nHost: localhost\r\nX: "})
    void endWhereNoRequestComes(String beginning) throws Exception {
        assertThat(RawHttp.send(service.port(), beginning)).isEmpty();
    }

    @Test
    void endAfterAnAnswerIfNoOtherRequestComes() throws Exception {
        String reply = RawHttp.send(service.port(), "GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n");

        assertThat(reply).startsWith("HTTP/1.1 200 ");
    }

    @ParameterizedTest
    @EnumSource(HttpClient.Version.class)
    void lastWhileAnAnswerIsMade(HttpClient.Version version) throws Exception {
        HttpClient client = HttpClient.newBuilder().version(version).build();
        try (RunningService both = new RunningService(Map.of("api.idle-millis", "500", "api.http2", "true"))) {
            // Goes over to HTTP/2, if that is wanted.
            client.send(both.request("/health").build(), BodyHandlers.discarding());
            HttpRequest slow = both.post(
                            "/v1/chat/completions",
                            Conversations.longAnswer(2000)
                                    .put("ignore_eos", true)
                                    .toString())
                    .build();

            HttpResponse<String> answer = client.send(slow, BodyHandlers.ofString());

            assertThat(answer.version()).isEqualTo(version);
            assertThat(answer.statusCode()).isEqualTo(200);
        }
    }
}
