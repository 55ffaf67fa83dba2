package io.github.camelvlm.routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Requests that two servers on the way may read differently: one of them would take a body for another request. */
class AmbiguousRequestTest {
    private static final String POST = "POST /tokenize HTTP/1.1\r\nContent-Type: application/json\r\n";
    private static final String SMUGGLED = "GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n";

    private static RunningService service;

    @BeforeAll
    static void start() {
        service = new RunningService(Map.of());
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    static Stream<Arguments> ambiguous() {
        return Stream.of(
                Arguments.of(
                        "two lengths",
                        POST + "Host: localhost\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
                Arguments.of(
                        "two lengths, the other way",
                        POST + "Host: localhost\r\nTransfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n"),
                Arguments.of(
                        "two of one kind",
                        POST + "Host: localhost\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\nabcd"),
                Arguments.of(
                        "chunked, and yet not",
                        POST + "Host: localhost\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n"),
                Arguments.of(
                        "chunked twice",
                        POST + "Host: localhost\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n"
                                + "0\r\n\r\n"),
                Arguments.of(
                        "chunked, and compressed below",
                        POST + "Host: localhost\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"),
                Arguments.of(
                        "chunked upon nothing",
                        POST + "Host: localhost\r\nTransfer-Encoding: identity, chunked\r\n\r\n0\r\n\r\n"),
                Arguments.of("a path that cannot be read", "GET /v1/models/%zz HTTP/1.1\r\nHost: localhost\r\n\r\n"),
                Arguments.of("two hosts", POST + "Host: localhost\r\nHost: other\r\nContent-Length: 2\r\n\r\n{}"),
                Arguments.of("no host", POST + "Content-Length: 2\r\n\r\n{}"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("ambiguous")
    void areRefusedAndEndTheConnection(String name, String request) throws Exception {
        String reply = RawHttp.send(service.port(), request + SMUGGLED);

        assertThat(reply).startsWith("HTTP/1.1 400 ").contains("{\"error\":{\"message\":\"");
        assertThat(reply.split("HTTP/1.1 ", -1)).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/v1/messages | {\"type\":\"error\",\"error\":{\"type\":\"invalid_request_error\",",
                "/v1/messages/%zz | {\"type\":\"error\",\"error\":{\"type\":\"invalid_request_error\",",
                "/api/chat | {\"error\":\"The request is not HTTP",
                "/v1/responses | {\"error\":{\"message\":\""
            })
    void areRefusedInTheWordsOfTheirProtocol(String path, String told) throws Exception {
        assertThat(RawHttp.send(
                        service.port(),
                        "POST " + path + " HTTP/1.1\r\nHost: localhost\r\nHost: other\r\nContent-Length: 2\r\n\r\n{}"))
                .startsWith("HTTP/1.1 400 ")
                .contains("\r\n\r\n" + told);
    }

    /** Vert.x closes the connection before an answer could be sent. */
    @Test
    void aLineBreakWithinTheQuotesOfAChunkEndsTheConnection() throws Exception {
        assertThat(RawHttp.send(
                        service.port(),
                        POST + "Host: localhost\r\nTransfer-Encoding: chunked\r\n\r\n1;a=\"\r\nX\r\n0\r\n\r\n"
                                + SMUGGLED))
                .isEmpty();
    }

    @Test
    void noHttp2IsSpokenUnlessItIsSwitchedOn() throws Exception {
        assertThat(RawHttp.send(service.port(), "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"))
                .containsPattern("^HTTP/[.0-9]+ (400|501) ");
        assertThat(RawHttp.firstLine(
                        service.port(),
                        "GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade, HTTP2-Settings\r\n"
                                + "Upgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA\r\n\r\n"))
                .startsWith("HTTP/1.1 200 ");
    }
}
