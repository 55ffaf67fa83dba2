package io.github.camelvlm.routes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The service over TLS, as Camel Main sets it up. */
class TlsTest {
    private static final String PASSWORD = "changeit";
    private static Path keys;
    private static SSLContext trust;
    private static RunningService service;

    @BeforeAll
    static void start(@TempDir Path folder) throws Exception {
        keys = folder.resolve("keys.p12");
        makeCertificate();
        trust = trustInIt();
        service = new RunningService(Map.of(
                "camel.ssl.enabled",
                "true",
                "camel.ssl.keyStore",
                "file:" + keys,
                "camel.ssl.keystorePassword",
                PASSWORD,
                "api.tls",
                "true",
                "api.http2",
                "true"));
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    private static void makeCertificate() throws IOException, InterruptedException {
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=localhost",
                        "-ext",
                        "san=dns:localhost",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        keys.toString(),
                        "-storepass",
                        PASSWORD)
                .inheritIO()
                .start();
        assertThat(keytool.waitFor()).isZero();
    }

    private static SSLContext trustInIt() throws Exception {
        KeyStore certificates = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(keys)) {
            certificates.load(in, PASSWORD.toCharArray());
        }
        TrustManagerFactory trusting = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        // The key of a key store is not trusted; the same certificate on its own is.
        String alias = certificates.aliases().nextElement();
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry(alias, certificates.getCertificate(alias));
        trusting.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trusting.getTrustManagers(), null);
        return context;
    }

    @Test
    void describesAPicture() throws Exception {
        String question =
                Conversations.describe("one-shape.png", "Describe this image.").toString();
        HttpResponse<String> reply = HttpClient.newBuilder()
                .sslContext(trust)
                .build()
                .send(
                        HttpRequest.newBuilder(
                                        URI.create("https://localhost:" + service.port() + "/v1/chat/completions"))
                                .header("Content-Type", "application/json")
                                .POST(HttpRequest.BodyPublishers.ofString(question))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());

        assertThat(reply.sslSession()).isPresent();
        assertThat(reply.version()).isEqualTo(HttpClient.Version.HTTP_2);
        assertThat(new ObjectMapper()
                        .readTree(reply.body())
                        .at("/choices/0/message/content")
                        .asText())
                .isEqualTo(Goldens.caption("one-shape.png"));
    }

    @ParameterizedTest
    @MethodSource("io.github.camelvlm.routes.HttpServiceTest#malformed")
    void tellsInJsonThatARequestIsNoHttp(String request, int status) throws Exception {
        String reply = RawHttp.send(trust.getSocketFactory(), service.port(), request);

        assertThat(reply).matches("(?s)HTTP/1\\.[01] " + status + " .*");
        assertThat(reply).contains("{\"error\":{\"message\":\"");
    }

    @Test
    void endsAFloodOfFramesThatCarryNothing() throws Exception {
        try (RawHttp2 connection = RawHttp2.open(trust.getSocketFactory(), service.port())) {
            connection.flood(RawHttp2.frame(RawHttp2.WINDOW_UPDATE, 0, 0, 0, 0, 0, 1));

            assertThat(connection.end()).isEqualTo(RawHttp2.ENHANCE_YOUR_CALM);
        }
    }

    @Test
    void saysNothingInTheClear() throws Exception {
        assertThat(RawHttp.send(service.port(), "GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n"))
                .doesNotContain("HTTP");
    }

    @Test
    void answersTheHealthCommand(@TempDir Path root) throws Exception {
        Map<String, String> environment =
                Map.of("API_HOST", "localhost", "API_PORT", String.valueOf(service.port()), "API_TLS", "true");
        try (ApplicationProcess health = new ApplicationProcess(root, environment, "health")) {
            assertThat(health.exitCode()).isZero();
        }
    }
}
