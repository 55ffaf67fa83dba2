package io.github.camelvlm.routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ConnectException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Clients that ask again and again, each time on a new connection, until the server has stopped. */
class StopTest {
    private static final List<String> REQUESTS = List.of(
            "GET /v1/models HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
            "POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                    + "Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}");
    private static final int CLIENTS = 8;

    private final ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);
    private final AtomicInteger answers = new AtomicInteger();

    @AfterEach
    void stop() {
        threads.shutdown();
    }

    @Test
    void answersEachClientUntilItRefusesTheNext() throws Exception {
        List<CompletableFuture<List<String>>> clients = new ArrayList<>();
        try (RunningService service = new RunningService(Map.of())) {
            int port = service.port();
            for (int i = 0; i < CLIENTS; i++) {
                String request = REQUESTS.get(i % REQUESTS.size());
                clients.add(CompletableFuture.supplyAsync(() -> askUntilRefused(port, request), threads));
            }
            Await.until("they are answered", () -> answers.get() > 1000);
        }

        for (CompletableFuture<List<String>> client : clients) {
            assertThat(client.get(30, TimeUnit.SECONDS)).isEmpty();
        }
    }

    /** Gives what became of each request that was not answered. */
    private List<String> askUntilRefused(int port, String request) {
        List<String> cut = new ArrayList<>();
        while (true) {
            try {
                String reply = RawHttp.send(port, request);
                if (reply.startsWith("HTTP/1.1 ")) {
                    answers.incrementAndGet();
                } else {
                    cut.add("no answer, but \"" + reply + "\"");
                }
            } catch (ConnectException e) {
                return cut;
            } catch (IOException e) {
                cut.add(e.toString());
            }
        }
    }
}
