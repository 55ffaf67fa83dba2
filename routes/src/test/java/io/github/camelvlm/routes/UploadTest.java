package io.github.camelvlm.routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Clients that announce more than they send, send it slowly, or want the server for themselves. */
class UploadTest {
    private static final String HEAD =
            "POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";
    private static final int MEMORY = 1_000_000;
    private static final int CONNECTIONS = 30;

    private static RunningService service;
    private final List<Socket> sockets = new ArrayList<>();

    @BeforeAll
    static void start() {
        service = new RunningService(Map.of(
                "api.host",
                "127.0.0.1",
                "api.body-memory",
                String.valueOf(MEMORY),
                "api.connections-per-address",
                String.valueOf(CONNECTIONS),
                "api.max-requests",
                "4"));
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    @AfterEach
    void leave() throws Exception {
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    @Test
    void holdNothingByWhatTheyAnnounce() throws Exception {
        for (int i = 0; i < 10; i++) {
            sendFrom("127.0.0.2", HEAD + "Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n");
            sendFrom("127.0.0.2", HEAD + "Content-Length: 600000\r\n\r\n{");
        }

        assertThat(service.chat("{}").status()).isEqualTo(400);
    }

    @Test
    void haveTheirBodiesRefusedOnceTheyHoldMoreThanTheirPart() throws Exception {
        Socket large = sendFrom("127.0.0.2", HEAD + "Transfer-Encoding: chunked\r\n\r\n");
        chunks(large, 700_000);
        // The server takes the bytes some moments after they are sent.
        Await.until(
                "a body of the same address is refused",
                () -> firstLineAndClose(HEAD + "Expect: 100-continue\r\nContent-Length: 60000\r\n\r\n")
                        .contains(" 429 "));

        assertThat(service.chat(" ".repeat(100_000)).status()).isEqualTo(400);

        Socket more = sendFrom("127.0.0.2", HEAD + "Transfer-Encoding: chunked\r\n\r\n");
        chunks(more, 100_000);
        assertThat(firstLine(more)).contains(" 429 ");
        large.close();
        Await.until(
                "the bytes are given back",
                () -> firstLineAndClose(HEAD + "Expect: 100-continue\r\nContent-Length: 700000\r\n\r\n")
                        .contains(" 100 "));
    }

    @Test
    void areLeftIfTheySendTooSlowly() throws Exception {
        try (RunningService impatient = new RunningService(Map.of("api.patience-millis", "500"))) {
            assertThat(RawHttp.firstLine(impatient.port(), HEAD + "Content-Length: 1000\r\n\r\n{"))
                    .contains(" 408 ");
        }
    }

    @Test
    void haveTheirConnectionsClosedIfTheyOpenTooMany() throws Exception {
        for (int i = 0; i < CONNECTIONS; i++) {
            sendFrom("127.0.0.3", "GET ");
        }
        Socket tooMany = sendFrom("127.0.0.3", "");

        assertThat(tooMany.getInputStream().read()).isEqualTo(-1);
        assertThat(service.get("/health").status()).isEqualTo(200);
    }

    @Test
    void areAskedToGoOnWhereTheyWaitForThat() throws Exception {
        Socket polite = sendFrom("127.0.0.2", HEAD + "Expect: 100-continue\r\nContent-Length: 2\r\n\r\n");

        assertThat(firstLine(polite)).contains(" 100 ");
    }

    @Test
    void areRefusedAtOnceWhatIsLargerThanTheirPart() throws Exception {
        Socket large = sendFrom("127.0.0.2", HEAD + "Content-Length: 750001\r\n\r\n");

        assertThat(firstLine(large)).contains(" 413 ");
    }

    private Socket sendFrom(String address, String text) throws IOException {
        Socket socket =
                new Socket(InetAddress.getByName("127.0.0.1"), service.port(), InetAddress.getByName(address), 0);
        sockets.add(socket);
        socket.setSoTimeout(30_000);
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
        return socket;
    }

    private String firstLineAndClose(String text) throws IOException {
        try (Socket socket = sendFrom("127.0.0.2", text)) {
            return firstLine(socket);
        }
    }

    private static void chunks(Socket socket, int bytes) throws IOException {
        byte[] chunk = ("2710\r\n" + " ".repeat(10_000) + "\r\n").getBytes(StandardCharsets.ISO_8859_1);
        for (int sent = 0; sent < bytes; sent += 10_000) {
            socket.getOutputStream().write(chunk);
        }
    }

    private static String firstLine(Socket socket) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = socket.getInputStream().read();
                c >= 0 && c != '\n';
                c = socket.getInputStream().read()) {
            line.append((char) c);
        }
        return line.toString();
    }
}
