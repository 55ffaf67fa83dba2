package io.github.camelvlm.routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies that come compressed. */
class BodyCodingTest {
    private static RunningService service;

    @BeforeAll
    static void start() {
        service = new RunningService(Map.of("api.max-body", "1000000"));
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    @ParameterizedTest
    @CsvSource({"gzip, gzip", "GZIP, gzip", "x-gzip, gzip", "deflate, zlib", "deflate, raw", "identity, none"})
    void areReadAsIfTheyWereNot(String header, String coding) throws Exception {
        RunningService.Reply reply = send(header, coded(coding, "{\"prompt\":\"a red circle\"}"));

        assertThat(reply.json().get("count").asInt()).isEqualTo(3);
    }

    @Test
    void areMeasuredByWhatTheyBecome() throws Exception {
        byte[] bomb = coded("gzip", "{\"prompt\":\"" + "a".repeat(50_000_000) + "\"}");

        RunningService.Reply reply = send("gzip", bomb);

        assertThat(bomb).hasSizeLessThan(100_000);
        assertThat(reply.status()).isEqualTo(413);
        assertThat(reply.error().get("message").asText()).contains("1000000 bytes");
        // What it held is given back.
        assertThat(send("gzip", coded("gzip", "{\"prompt\":\"" + "a ".repeat(400_000) + "\"}"))
                        .status())
                .isNotIn(413, 429);
    }

    /** A client that tries again what can never be taken does so for ever. */
    @Test
    void areToldThatTheyAreTooLargeWhereTheMemoryOfAnAddressWouldNeverDo() throws Exception {
        try (RunningService small =
                new RunningService(Map.of("api.max-body", "100000", "api.body-memory-per-address", "100000"))) {
            RunningService.Reply reply = send(small, "gzip", coded("gzip", "a".repeat(50_000_000)));

            assertThat(reply.status()).isEqualTo(413);
        }
    }

    @Test
    void mayHaveAnyNumberOfMembers() throws Exception {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        byte[] empty = coded("gzip", "");
        for (int i = 0; i < 20_000; i++) {
            body.write(empty);
        }
        body.write(coded("gzip", "{\"prompt\":\"a red circle\"}"));

        assertThat(send("gzip", body.toByteArray()).json().get("count").asInt()).isEqualTo(3);
    }

    @Test
    void areRefusedIfTheyWantADictionary() throws Exception {
        RunningService.Reply reply = send("deflate", new byte[] {0x78, (byte) 0xbb, 0, 0, 0, 1, 'a', 'b'});

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.error().get("message").asText()).contains("Content-Encoding");
    }

    @ParameterizedTest
    @ValueSource(strings = {"br", "zstd", "gzip, gzip", "none"})
    void areRefusedByNameInAnyOtherCoding(String header) throws Exception {
        RunningService.Reply reply = send(header, new byte[] {1, 2, 3});

        assertThat(reply.status()).isEqualTo(415);
        assertThat(reply.error().get("message").asText()).contains("Content-Encoding", header, "gzip");
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "deflate"})
    void areRefusedIfTheyAreNotWhatTheySay(String header) throws Exception {
        RunningService.Reply reply = send(header, "{\"prompt\":\"a\"}".getBytes(StandardCharsets.UTF_8));

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.error().get("message").asText()).contains("Content-Encoding", header);
    }

    private static RunningService.Reply send(String header, byte[] body) throws IOException, InterruptedException {
        return send(service, header, body);
    }

    private static RunningService.Reply send(RunningService to, String header, byte[] body)
            throws IOException, InterruptedException {
        return to.send(to.request("/tokenize")
                .header("Content-Type", "application/json")
                .header("Content-Encoding", header)
                .POST(BodyPublishers.ofByteArray(body)));
    }

    private static byte[] coded(String coding, String text) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out =
                switch (coding) {
                    case "gzip" -> new GZIPOutputStream(bytes);
                    case "zlib" -> new DeflaterOutputStream(bytes);
                    case "raw" -> new DeflaterOutputStream(bytes, new Deflater(Deflater.BEST_SPEED, true));
                    default -> bytes;
                }) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return bytes.toByteArray();
    }
}
