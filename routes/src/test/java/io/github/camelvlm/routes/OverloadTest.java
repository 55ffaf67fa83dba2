package io.github.camelvlm.routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** More clients than it can serve, and what they must not send. */
class OverloadTest {
    private static RunningService service;

    @BeforeAll
    static void start() {
        service = new RunningService(Map.of("vlm.queue-length", "32"));
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    @Test
    void givesEachOfTwoHundredClientsAnAnswerOrARefusalAndLetsGoOfThem() throws Exception {
        askTwoHundredAtOnce();
        long before = heapInUse();

        for (int i = 0; i < 5; i++) {
            askTwoHundredAtOnce();
        }

        // A request and its answer are about 10 kB: what a thousand of them left behind would be more than this.
        assertThat(heapInUse() - before).isLessThan(5_000_000);
    }

    private static long heapInUse() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    private void askTwoHundredAtOnce() throws Exception {
        String request =
                Conversations.describe("one-shape.png", "Describe this image.").toString();
        List<CompletableFuture<HttpResponse<String>>> replies = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            replies.add(service.client()
                    .sendAsync(service.post("/v1/chat/completions", request).build(), BodyHandlers.ofString()));
        }

        int answered = 0;
        for (CompletableFuture<HttpResponse<String>> future : replies) {
            RunningService.Reply reply = new RunningService.Reply(future.get(60, TimeUnit.SECONDS));
            if (reply.status() == 200) {
                assertThat(reply.json().at("/choices/0/message/content").asText())
                        .isEqualTo(Goldens.caption("one-shape.png"));
                answered++;
            } else {
                assertThat(reply.status()).as(reply.text()).isEqualTo(429);
                assertThat(reply.header("Retry-After")).isEqualTo("1");
                assertThat(reply.error().get("code").asText()).isEqualTo("rate_limit_exceeded");
            }
        }
        assertThat(answered).isBetween(40, 200);
        // A client may have its answer a moment before the server has seen the end of it.
        Await.until("no request in hand", () -> service.requestsInHand() == 0);
    }

    @Test
    void answersOrRefusesWhateverIsSent() throws Exception {
        byte[] request = Conversations.describe("one-shape.png", "Hi")
                .put("max_tokens", 1)
                .put("top_p", 0.9)
                .put("n", 1)
                .put("stream", false)
                .toString()
                .getBytes(StandardCharsets.UTF_8);
        RandomGenerator random = new SplittableRandom(4);
        for (int i = 0; i < 10_000; i++) {
            byte[] mutated = Mutations.of(request, random);
            RunningService.Reply reply = service.send(service.request("/v1/chat/completions")
                    .header("Content-Type", "application/json")
                    .POST(BodyPublishers.ofByteArray(mutated)));

            assertThat(reply.status())
                    .as(new String(mutated, StandardCharsets.ISO_8859_1) + "\n" + reply.text())
                    .isIn(200, 400, 404, 422);
            assertThat(reply.text()).isNotBlank();
        }
    }
}
