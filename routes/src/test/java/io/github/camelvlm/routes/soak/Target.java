package io.github.camelvlm.routes.soak;

import io.github.camelvlm.routes.ApplicationProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** The application under load: one process, which is started again at the same port after each kill. */
final class Target implements AutoCloseable {
    private static final Duration START_LIMIT = Duration.ofMinutes(2);
    private static final Duration STEP = Duration.ofMillis(100);

    private final Path directory;
    private final Map<String, String> environment;
    private final int port = freePort();
    private final HttpClient client = HttpClient.newHttpClient();
    private volatile ApplicationProcess process;
    /** Odd while the application is down or starts, and another number after each kill. */
    private volatile int life = 1;

    Target(Path directory, Map<String, String> environment) throws IOException, InterruptedException {
        this.directory = directory;
        this.environment = new HashMap<>(environment);
        this.environment.put("API_PORT", String.valueOf(port));
        start();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    int port() {
        return port;
    }

    URI uri(String path) {
        return URI.create("http://localhost:" + port + path);
    }

    /** A number that stays the same as long as the process lives; odd while there is none that is ready. */
    int life() {
        return life;
    }

    long pid() {
        return process.pid();
    }

    /** Ends it as a power cut would, and starts it again. */
    void killAndStart() throws IOException, InterruptedException {
        life++;
        process.kill();
        start();
    }

    private void start() throws IOException, InterruptedException {
        process = new ApplicationProcess(directory, environment);
        long start = System.nanoTime();
        while (!isReady()) {
            if (System.nanoTime() - start > START_LIMIT.toNanos()) {
                throw new IllegalStateException("The application is not ready after " + START_LIMIT.toSeconds() + " s: "
                        + process.output() + process.errors());
            }
            LockSupport.parkNanos(STEP.toNanos());
        }
        life++;
    }

    boolean isReady() throws InterruptedException {
        try {
            HttpRequest request = HttpRequest.newBuilder(uri("/health/ready"))
                    .timeout(Duration.ofSeconds(10))
                    .build();
            return client.send(request, BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException e) {
            return false;
        }
    }

    /** Waits until the application is there again, at most as long as a start may take. */
    void awaitLife() {
        long start = System.nanoTime();
        while (life % 2 != 0 && System.nanoTime() - start < START_LIMIT.toNanos()) {
            LockSupport.parkNanos(STEP.toNanos());
        }
    }

    /** Asks the application to stop; {@code false} if it has not after 40 seconds. */
    boolean stop() throws IOException, InterruptedException {
        life++;
        new ProcessBuilder("kill", "-TERM", String.valueOf(pid())).start().waitFor();
        return ProcessHandle.of(pid())
                .map(running -> {
                    try {
                        running.onExit().get(40, TimeUnit.SECONDS);
                        return true;
                    } catch (Exception e) {
                        return false;
                    }
                })
                .orElse(true);
    }

    @Override
    public void close() {
        process.close();
    }
}
