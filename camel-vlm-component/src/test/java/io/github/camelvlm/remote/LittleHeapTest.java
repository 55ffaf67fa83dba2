package io.github.camelvlm.remote;

import static io.github.camelvlm.remote.ScriptedServer.saying;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A process whose heap has no room for all that it is asked at once. */
@Timeout(120)
class LittleHeapTest extends RemoteTestSupport {
    private static final Pattern OUTCOME =
            Pattern.compile("answered (\\d+), refused (\\d+), waiting (\\d+), failed (\\d+)");

    /** One that keeps nothing of what it is sent. */
    private String forgetfulServer() throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        ExecutorService threads = Executors.newCachedThreadPool();
        server.setExecutor(threads);
        server.createContext("/v1/chat/completions", exchange -> {
            exchange.getRequestBody().transferTo(OutputStream.nullOutputStream());
            try (exchange) {
                saying("Hi").play(exchange);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        server.start();
        open.add(() -> server.stop(0));
        open.add(threads::shutdownNow);
        return "http://localhost:" + server.getAddress().getPort() + "/v1";
    }

    private static String run(String heap, String url) throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        heap,
                        "-cp",
                        System.getProperty("java.class.path"),
                        AskWithLittleHeap.class.getName(),
                        url)
                .redirectErrorStream(true)
                .start();
        try {
            return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void answersWhatItHasRoomForAndRefusesTheRest() throws Exception {
        String output = run("-Xmx64m", forgetfulServer());

        Matcher outcome = OUTCOME.matcher(output);
        assertThat(outcome.find()).as(output).isTrue();
        assertThat(Integer.parseInt(outcome.group(1))).as(output).isGreaterThanOrEqualTo(3);
        assertThat(outcome.group(3)).as(output).isEqualTo("0");
        assertThat(outcome.group(4)).as(output).isEqualTo("0");
    }
}
