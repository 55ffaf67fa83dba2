package io.github.camelvlm.routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** The service before its model is loaded, and while it stops. */
class LoadingTest {

    @Test
    void saysThatItLoadsUntilItHasLoaded() throws Exception {
        List<RunningService.Reply> early = new ArrayList<>();
        try (RunningService service = new RunningService(Map.of(), loading -> {
            early.add(loading.get("/health"));
            early.add(loading.get("/health/ready"));
            early.add(loading.get("/health/live"));
            early.add(loading.chat("{}"));
        })) {
            assertThat(early).extracting(RunningService.Reply::status).containsExactly(503, 503, 200, 503);
            assertThat(early.get(3).error().get("code").asText()).isEqualTo("service_unavailable");
            assertThat(early.get(3).header("Retry-After")).isEqualTo("1");
            assertThat(service.get("/health").status()).isEqualTo(200);
            assertThat(service.get("/metrics").text())
                    .contains("vlm_requests_seconds_count{reason=\"error\",status=\"503\"} 2\n")
                    .doesNotContain("reason=\"ok\",status=\"503\"");
        }
    }

    @Test
    void answersWhatItHasTakenOnBeforeItStops() throws Exception {
        RunningService service = new RunningService(Map.of());
        CompletableFuture<HttpResponse<String>> running = service.client()
                .sendAsync(
                        service.post(
                                        "/v1/chat/completions",
                                        Conversations.longAnswer(2000)
                                                .put("ignore_eos", true)
                                                .toString())
                                .build(),
                        BodyHandlers.ofString());
        Await.until("it is taken on", () -> service.requestsInHand() == 1);
        HttpRequest.Builder late = service.post("/v1/chat/completions", "{}");

        CompletableFuture<Void> stopping = CompletableFuture.runAsync(service::close);
        Await.until("it stops", service::isStopping);
        RunningService.Reply refused = service.send(late);

        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.error().get("code").asText()).isEqualTo("service_unavailable");
        assertThat(new RunningService.Reply(running.get())
                        .json()
                        .at("/usage/completion_tokens")
                        .asInt())
                .isEqualTo(2000);
        stopping.get();
    }
}
