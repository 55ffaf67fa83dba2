package io.github.camelvlm.routes;

import static io.github.camelvlm.routes.RawHttp2.ACK;
import static io.github.camelvlm.routes.RawHttp2.CONTINUATION;
import static io.github.camelvlm.routes.RawHttp2.DATA;
import static io.github.camelvlm.routes.RawHttp2.END_HEADERS;
import static io.github.camelvlm.routes.RawHttp2.END_STREAM;
import static io.github.camelvlm.routes.RawHttp2.ENHANCE_YOUR_CALM;
import static io.github.camelvlm.routes.RawHttp2.GOAWAY;
import static io.github.camelvlm.routes.RawHttp2.HEADERS;
import static io.github.camelvlm.routes.RawHttp2.PING;
import static io.github.camelvlm.routes.RawHttp2.PRIORITY;
import static io.github.camelvlm.routes.RawHttp2.RST_STREAM;
import static io.github.camelvlm.routes.RawHttp2.SETTINGS;
import static io.github.camelvlm.routes.RawHttp2.WINDOW_UPDATE;
import static io.github.camelvlm.routes.RawHttp2.frame;
import static io.github.camelvlm.routes.RawHttp2.repeat;
import static io.github.camelvlm.routes.RawHttp2.request;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Connections that send frames without end which ask for nothing, and those that send many for a reason. */
class Http2FloodTest {
    private static final int UNKNOWN = 0x20;

    private static RunningService service;

    @BeforeAll
    static void start() {
        service = new RunningService(Map.of("api.http2", "true"));
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    static Stream<Arguments> floods() {
        return Stream.of(
                Arguments.of("PING", frame(PING, 0, 0, new int[8])),
                Arguments.of("PING with ACK", frame(PING, ACK, 0, new int[8])),
                Arguments.of("SETTINGS", frame(SETTINGS, 0, 0)),
                Arguments.of("GOAWAY", frame(GOAWAY, 0, 0, new int[8])),
                Arguments.of("PRIORITY", frame(PRIORITY, 0, 3, new int[5])),
                Arguments.of("WINDOW_UPDATE", frame(WINDOW_UPDATE, 0, 0, 0, 0, 0, 1)),
                Arguments.of("an unknown type", frame(UNKNOWN, 0, 0)),
                Arguments.of("an unknown type with a payload", frame(UNKNOWN, 0, 0, new int[100])));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("floods")
    void endsAConnectionThatSendsNothingBut(String what, byte[] frame) throws Exception {
        try (RawHttp2 connection = RawHttp2.open(service.port())) {
            connection.flood(frame);

            assertThat(connection.end()).isEqualTo(ENHANCE_YOUR_CALM);
        }
    }

    @Test
    void endsAConnectionThatCameOverFromHttp1() throws Exception {
        try (RawHttp2 connection = RawHttp2.upgrade(service.port())) {
            connection.flood(frame(WINDOW_UPDATE, 0, 0, 0, 0, 0, 1));

            assertThat(connection.end()).isEqualTo(ENHANCE_YOUR_CALM);
        }
    }

    static Stream<Arguments> floodsOfAnsweredStreams() {
        return Stream.of(
                Arguments.of("WINDOW_UPDATE", frame(WINDOW_UPDATE, 0, 1, 0, 0, 0, 1)),
                Arguments.of("RST_STREAM", frame(RST_STREAM, 0, 1, new int[4])),
                Arguments.of("PRIORITY", frame(PRIORITY, 0, 1, new int[5])),
                Arguments.of("empty HEADERS", frame(HEADERS, END_HEADERS, 1)),
                Arguments.of("empty DATA", frame(DATA, 0, 1)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("floodsOfAnsweredStreams")
    void endsAConnectionThatGoesOnAfterItsAnswerWith(String what, byte[] frame) throws Exception {
        try (RawHttp2 connection = RawHttp2.open(service.port())) {
            connection.send(request("GET", "/health", 1, END_STREAM));
            Await.until("it is answered", () -> connection.answers() == 1);

            connection.flood(frame);

            assertThat(connection.end()).isEqualTo(ENHANCE_YOUR_CALM);
        }
    }

    static Stream<Arguments> floodsOfBodies() {
        return Stream.of(
                Arguments.of("bytes one by one", frame(DATA, 0, 1, ' ')),
                Arguments.of("empty DATA", frame(DATA, 0, 1)),
                Arguments.of("two bytes each", frame(DATA, 0, 1, ' ', ' ')));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("floodsOfBodies")
    void endsARequestWhoseBodyIsOf(String what, byte[] frame) throws Exception {
        try (RawHttp2 connection = RawHttp2.open(service.port())) {
            connection.send(request("POST", "/v1/chat/completions", 1, 0));

            connection.flood(frame);

            assertThat(connection.end()).isEqualTo(ENHANCE_YOUR_CALM);
        }
    }

    @Test
    void endsARequestWhoseHeadersGoOnForEver() throws Exception {
        try (RawHttp2 connection = RawHttp2.open(service.port())) {
            connection.send(frame(HEADERS, 0, 1));

            connection.flood(frame(CONTINUATION, 0, 1));

            assertThat(connection.end()).isEqualTo(ENHANCE_YOUR_CALM);
        }
    }

    @Test
    void endsAFloodThatRequestsAreStrewnInto() throws Exception {
        byte[] pings = repeat(frame(PING, 0, 0, new int[8]), 1000);
        try (RawHttp2 connection = RawHttp2.open(service.port())) {
            try {
                for (int stream = 1; stream < 200; stream += 2) {
                    connection.send(pings);
                    connection.send(request("GET", "/health", stream, END_STREAM));
                }
            } catch (IOException e) {
                // It is ended already.
            }

            assertThat(connection.end()).isEqualTo(ENHANCE_YOUR_CALM);
        }
    }

    @Test
    void keepsAConnectionThatUploadsInSmallPieces() throws Exception {
        byte[] piece = new byte[100];
        Arrays.fill(piece, (byte) ' ');
        HttpClient client = client();

        HttpResponse<String> reply = client.send(
                service.request("/v1/chat/completions")
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofByteArrays(Collections.nCopies(50_000, piece)))
                        .build(),
                BodyHandlers.ofString());

        assertThat(reply.version()).isEqualTo(HttpClient.Version.HTTP_2);
        assertThat(reply.statusCode()).isEqualTo(400);
    }

    @Test
    void keepsAConnectionThatUploadsMuch() throws Exception {
        byte[] body = new byte[20_000_000];
        Arrays.fill(body, (byte) ' ');
        HttpClient client = client();

        for (int i = 0; i < 3; i++) {
            HttpResponse<String> reply = client.send(
                    service.request("/v1/chat/completions")
                            .header("Content-Type", "application/json")
                            .POST(BodyPublishers.ofByteArray(body))
                            .build(),
                    BodyHandlers.ofString());

            assertThat(reply.version()).isEqualTo(HttpClient.Version.HTTP_2);
            assertThat(reply.statusCode()).isEqualTo(400);
        }
    }

    @Test
    void keepsAConnectionOfManyRequests() throws Exception {
        HttpClient client = client();
        client.send(service.request("/health").build(), BodyHandlers.discarding());
        List<CompletableFuture<HttpResponse<String>>> replies = new ArrayList<>();
        for (int round = 0; round < 20; round++) {
            replies.clear();
            for (int i = 0; i < 50; i++) {
                replies.add(client.sendAsync(service.request("/v1/models").build(), BodyHandlers.ofString()));
            }
            for (CompletableFuture<HttpResponse<String>> reply : replies) {
                assertThat(reply.get(30, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
                assertThat(reply.get().version()).isEqualTo(HttpClient.Version.HTTP_2);
            }
        }
    }

    private static HttpClient client() {
        return HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build();
    }
}
