package io.github.camelvlm.routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A stop that does not wait for the answers in hand. */
class ForcedStopTest {
    @Test
    void endsTheRequestInHandAndTheServer() throws Exception {
        CompletableFuture<HttpResponse<String>> reply;
        CompletableFuture<Void> stop;
        // One token after another, for longer than the stop waits.
        String request = Conversations.longAnswer(3900)
                .put("ignore_eos", true)
                .put("n", 8)
                .toString();
        RunningService service = new RunningService(Map.of("camel.main.shutdown-timeout", "1"));
        reply = service.client()
                .sendAsync(service.post("/v1/chat/completions", request).build(), BodyHandlers.ofString());
        Await.until("the request is in hand", () -> service.requestsInHand() == 1);

        stop = CompletableFuture.runAsync(service::close);

        stop.get(30, TimeUnit.SECONDS);
        assertThat(reply.handle((answer, failure) -> true).get(10, TimeUnit.SECONDS))
                .as("the client has an answer, or the end of its connection")
                .isTrue();
    }
}
