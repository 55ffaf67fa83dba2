package io.github.camelvlm.routes.folder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.github.camelvlm.routes.RunningService;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** To whom HTTP shows the folder in a service at all addresses that has no key. */
class FolderPrivacyTest {
    private static RunningService service;

    @BeforeAll
    static void start() {
        service = new RunningService(Map.of("api.host", "0.0.0.0"));
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    private static String get(InetAddress address, String path, String headers) throws IOException {
        try (Socket socket = new Socket(address, service.port())) {
            socket.setSoTimeout(30_000);
            String request = "GET " + path + " HTTP/1.1\r\nConnection: close\r\n" + headers + "\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static String here(String headers) throws IOException {
        return get(InetAddress.getLoopbackAddress(), "/v1/folder", headers);
    }

    private static Optional<InetAddress> addressInANetwork() throws IOException {
        return NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(address -> address instanceof Inet4Address && !address.isLoopbackAddress())
                .findFirst();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Host: localhost:8000",
                "Host: LOCALHOST",
                "Host: 127.0.0.1",
                "Host: [::1]:8000",
                "Host: localhost\r\nOrigin: http://localhost:8000"
            })
    void isShownOnThisMachine(String headers) throws Exception {
        assertThat(here(headers + "\r\n")).startsWith("HTTP/1.1 200 ").contains("\"pictures\":[]");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Host: localhost\r\nX-Forwarded-For: 127.0.0.1",
                "Host: localhost\r\nForwarded: for=192.0.2.60",
                "Host: localhost\r\nX-Real-IP: 192.0.2.60",
                "Host: localhost\r\nVia: 1.1 proxy"
            })
    void isNotShownThroughAProxy(String headers) throws Exception {
        assertThat(here(headers + "\r\n")).startsWith("HTTP/1.1 403 ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Host: rebound.example:8000",
                "Host: localhost.rebound.example",
                "Host: 192.0.2.60",
                "Host: localhost\r\nOrigin: https://page.example",
                "Host: localhost\r\nOrigin: null"
            })
    void isNotShownToPagesOfOtherHosts(String headers) throws Exception {
        assertThat(here(headers + "\r\n")).startsWith("HTTP/1.1 403 ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/folder", "/v1/folder?after=1", "/v1/folder/", "/v1/folder/pictures/1", "//v1/folder"})
    void isNotShownToOtherMachines(String path) throws Exception {
        Optional<InetAddress> address = addressInANetwork();
        assumeThat(address).as("this machine is in a network").isPresent();

        String reply = get(address.orElseThrow(), path, "Host: localhost\r\n");

        assertThat(reply).doesNotStartWith("HTTP/1.1 200 ").doesNotContain("\"pictures\"");
    }

    @Test
    void saysHowItCanBeShown() throws Exception {
        String reply = here("Host: rebound.example\r\n");

        assertThat(reply).contains("set API_KEY there, and send that key").contains("\"code\":\"api_key_not_set\"");
    }

    @Test
    void isShownToAnybodyWithAKeyWhereThereIsOne() throws Exception {
        try (RunningService guarded = new RunningService(Map.of("api.key", "sesame"))) {
            RunningService.Reply reply = guarded.send(guarded.request("/v1/folder")
                    .header("Authorization", "Bearer sesame")
                    .header("X-Forwarded-For", "192.0.2.60"));

            assertThat(reply.status()).isEqualTo(200);
        }
    }
}
