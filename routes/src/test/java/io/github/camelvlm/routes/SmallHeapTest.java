package io.github.camelvlm.routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The application with a heap of 256 MB. */
class SmallHeapTest {
    private static final Pattern SERVING = Pattern.compile("Serving .*:(\\d+)/v1");
    private static final String HEAD =
            "POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";

    @Test
    void refusesABodyThatItCannotHoldAndAnswersOneThatItCan(@TempDir Path directory) throws Exception {
        try (ApplicationProcess application = new ApplicationProcess(
                directory,
                Map.of(
                        "VLM_MODEL",
                        Goldens.MODEL.toString(),
                        "VLM_FOLDER",
                        "false",
                        "API_HOST",
                        "127.0.0.1",
                        "JDK_JAVA_OPTIONS",
                        "-Xmx256m"))) {
            Await.until("the application serves", Duration.ofMinutes(2), () -> port(application) > 0);
            int port = port(application);

            assertThat(RawHttp.firstLine(port, HEAD + "Content-Length: 63000000\r\n\r\n"))
                    .contains(" 413 ");
            assertThat(chunked(port, 63)).contains(" 413 ");
            // It fits; that it is no picture is another matter.
            assertThat(chunked(port, 20)).containsPattern(" 4(00|22) ");
            assertThat(RawHttp.firstLine(port, "GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n"))
                    .contains(" 200 ");
            assertThat(application.output()).noneMatch(line -> line.contains("OutOfMemoryError"));
        }
    }

    private static int port(ApplicationProcess application) throws IOException {
        return application.output().stream()
                .map(SERVING::matcher)
                .filter(Matcher::find)
                .mapToInt(match -> Integer.parseInt(match.group(1)))
                .findFirst()
                .orElse(0);
    }

    /** Sends a text of so many megabytes in chunks, as one string of JSON, and gives back the first line of the answer. */
    private static String chunked(int port, int megabytes) throws IOException {
        try (Socket socket = new Socket("localhost", port)) {
            socket.setSoTimeout(30_000);
            OutputStream out = socket.getOutputStream();
            try {
                out.write((HEAD + "Transfer-Encoding: chunked\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
                write(
                        out,
                        "{\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\",\"image_url\":{\"url\":\""
                                + "data:image/png;base64,");
                String piece = "A".repeat(1_000_000);
                for (int i = 0; i < megabytes; i++) {
                    write(out, piece);
                }
                write(out, "\"}}]}]}");
                out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            } catch (IOException e) {
                // It may close the connection before all has come; what it said before that is read below.
            }
            return new String(socket.getInputStream().readNBytes(20), StandardCharsets.US_ASCII);
        }
    }

    private static void write(OutputStream out, String chunk) throws IOException {
        out.write((Integer.toHexString(chunk.length()) + "\r\n" + chunk + "\r\n").getBytes(StandardCharsets.US_ASCII));
    }
}
