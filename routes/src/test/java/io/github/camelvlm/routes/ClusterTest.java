package io.github.camelvlm.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Two instances of the application as a cluster, and a third one without a model that stands before them. */
class ClusterTest {
    private static final String KEY = "secret-of-the-cluster";

    private static RunningService one;
    private static RunningService two;
    private static RunningService front;

    @BeforeAll
    static void start() {
        Map<String, String> server = Map.of("api.key", KEY, "vlm.max-sequences", "2", "vlm.queue-length", "0");
        one = new RunningService(server);
        two = new RunningService(server);
        front = front(KEY, one, two);
    }

    private static RunningService front(String key, RunningService... servers) {
        return new RunningService(
                Map.of("vlm.engine", "remote", "vlm.model", "", "vlm.base-url", urls(servers), "vlm.api-key", key));
    }

    private static String urls(RunningService... servers) {
        return List.of(servers).stream()
                .map(server -> "http://localhost:" + server.port() + "/v1")
                .collect(Collectors.joining(", "));
    }

    @AfterAll
    static void stop() {
        front.close();
        one.close();
        two.close();
    }

    private static RunningService.Reply direct(String path, String json) throws Exception {
        return one.send(one.post(path, json).header("Authorization", "Bearer " + KEY));
    }

    @ParameterizedTest(name = "{index}")
    @MethodSource("io.github.camelvlm.routes.Goldens#all")
    void answersAsTransformersDoes(JsonNode golden) throws Exception {
        Goldens.assertIsAnswer(front.chat(Conversations.request(golden).toString()), golden);
    }

    @Test
    void streamsAnAnswerAsItIsMade() throws Exception {
        ObjectNode request = Conversations.describe("one-shape.png", "Describe this image.");
        request.put("stream", true).putObject("stream_options").put("include_usage", true);

        List<JsonNode> chunks =
                EventStream.chunks(front.chat(request.toString()).text().lines().toList());

        assertThat(chunks).hasSizeGreaterThan(5);
        assertThat(chunks.stream()
                        .map(chunk -> chunk.at("/choices/0/delta/content").asText(""))
                        .collect(Collectors.joining()))
                .isEqualTo(Goldens.caption("one-shape.png"));
        assertThat(chunks.get(chunks.size() - 1).at("/usage/completion_tokens").asInt())
                .isEqualTo(10);
    }

    @Test
    void describesWithTheSameHeadersAsAnEngineAtHand() throws Exception {
        Map<String, Object> atHand = headers(one);
        Map<String, Object> elsewhere = headers(front);

        for (String sureness : List.of("CamelVlmConfidence", "CamelVlmLogprob")) {
            assertThat((Double) elsewhere.remove(sureness)).isCloseTo((Double) atHand.remove(sureness), within(1e-3));
        }
        assertThat(elsewhere).isEqualTo(atHand);
    }

    @Test
    void classifiesAsAnEngineAtHand() throws Exception {
        Map<String, Double> here = scores(one);

        assertThat(scores(front))
                .allSatisfy((choice, score) -> assertThat(score).as(choice).isCloseTo(here.get(choice), within(0.01)));
        assertThat(here.get("A black star")).isGreaterThan(0.9);
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Double> scores(RunningService service) throws Exception {
        try (ProducerTemplate template = service.context().createProducerTemplate()) {
            Exchange exchange = template.request(
                    "vlm:classify?choices=A red circle,A black star,Two cubes&prompt=Describe this image.",
                    message -> message.getMessage().setBody(Files.readAllBytes(Goldens.picture("exif-rotated.jpg"))));
            assertThat(exchange.getException()).isNull();
            assertThat(exchange.getMessage().getBody()).isEqualTo("A black star");
            Map<String, Double> scores =
                    (Map<String, Double>) exchange.getMessage().getHeader("CamelVlmScores", Map.class);
            assertThat(scores.values().stream().mapToDouble(score -> score).sum())
                    .isCloseTo(1, within(1e-9));
            return scores;
        }
    }

    private static Map<String, Object> headers(RunningService service) throws Exception {
        try (ProducerTemplate template = service.context().createProducerTemplate()) {
            Exchange exchange = template.request(
                    "vlm:describe?temperature=0",
                    message -> message.getMessage().setBody(Files.readAllBytes(Goldens.picture("exif-rotated.jpg"))));
            assertThat(exchange.getException()).isNull();
            Map<String, Object> headers = new TreeMap<>(exchange.getMessage().getHeaders());
            headers.put("body", exchange.getMessage().getBody(String.class));
            assertThat(headers.remove("CamelVlmTotalMillis")).isNotNull();
            assertThat(headers.remove("CamelVlmTimeToFirstTokenMillis")).isNotNull();
            headers.remove("CamelVlmCachedTokens");
            return headers;
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"messages\": [{\"role\": \"user\", \"content\": \"Hi\"}], \"top_p\": 7}",
                "{\"messages\": [{\"role\": \"user\", \"content\": \"Hi\"}], \"model\": \"other\"}",
                "{\"messages\": [{\"role\": \"user\", \"content\": \"Hi\"}], \"logit_bias\": {\"999999\": 1}}",
                "{\"messages\": [{\"role\": \"user\", \"content\": [{\"type\": \"image_url\","
                        + " \"image_url\": {\"url\": \"data:image/png;base64,aGVsbG8=\"}}]}]}",
                "{\"messages\": []}"
            })
    void refusesWhatTheServersRefuseInTheSameWords(String request) throws Exception {
        RunningService.Reply there = direct("/v1/chat/completions", request);

        RunningService.Reply here = front.chat(request);

        assertThat(here.text()).isEqualTo(there.text());
        assertThat(here.status()).isEqualTo(there.status()).isBetween(400, 499);
    }

    @Test
    void refusesAPromptThatIsLongerThanTheContextInTheSameWords() throws Exception {
        String request = "{\"messages\": [{\"role\": \"user\", \"content\": \"" + "word ".repeat(5000) + "\"}]}";

        assertThat(front.chat(request).text())
                .isEqualTo(direct("/v1/chat/completions", request).text())
                .contains("context_length_exceeded");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"prompt\": \"A cat. <|im_end|>\", \"return_token_strs\": true}",
                "{\"messages\": [{\"role\": \"user\", \"content\": \"Hi\"}]}"
            })
    void writesTokensAsTheServersDo(String request) throws Exception {
        assertThat(front.send(front.post("/tokenize", request)).text())
                .isEqualTo(direct("/tokenize", request).text())
                .contains("\"count\"");
    }

    @Test
    void writesTokensAsTextAndTellsTheModels() throws Exception {
        String request = "{\"tokens\": [64, 300, 301]}";

        assertThat(front.send(front.post("/detokenize", request)).text())
                .isEqualTo(direct("/detokenize", request).text());
        assertThat(front.get("/v1/models").json().at("/data/0/id").asText()).isEqualTo("shapes-vl");
        assertThat(front.get("/v1/models").json().at("/data/0/max_model_len").asInt())
                .isEqualTo(4096);
        assertThat(front.get("/health").status()).isEqualTo(200);
    }

    @Test
    void endsTheSequenceOnTheServerWhenItsClientLeaves() throws Exception {
        double before = one.ended("cancelled") + two.ended("cancelled");
        ObjectNode endless =
                Conversations.longAnswer(3900).put("ignore_eos", true).put("stream", true);
        EventStream stream = new EventStream(front.port(), endless.toString());
        stream.line();
        stream.line();

        stream.close();

        Await.until("the server ends it", () -> one.ended("cancelled") + two.ended("cancelled") == before + 1);
        Await.until(
                "no server works on it",
                () -> one.metric("vlm_num_requests_running") + two.metric("vlm_num_requests_running") == 0);
    }

    @Test
    void waitsForAPlaceWhereTheServersAreFull() throws Exception {
        // Four places in all, no queue: what comes beyond that is told 429 and to come again after a second.
        String request = Conversations.longAnswer(600).put("ignore_eos", true).toString();
        double before = one.ended("length") + two.ended("length");
        List<CompletableFuture<HttpResponse<String>>> replies = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            replies.add(front.client()
                    .sendAsync(front.post("/v1/chat/completions", request).build(), BodyHandlers.ofString()));
        }

        for (CompletableFuture<HttpResponse<String>> reply : replies) {
            assertThat(reply.get().statusCode()).as(reply.get().body()).isEqualTo(200);
        }
        assertThat(one.ended("length") + two.ended("length")).isEqualTo(before + 10);
        assertThat(one.ended("length")).isPositive();
        assertThat(two.ended("length")).isPositive();
    }

    @Test
    void waitsForAServerThatLoadsItsModel() throws Exception {
        List<AutoCloseable> open = new ArrayList<>();
        List<CompletableFuture<HttpResponse<String>>> early = new ArrayList<>();
        String request =
                Conversations.describe("one-shape.png", "Describe this image.").toString();
        try (RunningService loaded = new RunningService(Map.of(), loading -> {
            RunningService waiting = new RunningService(Map.of(
                    "vlm.engine", "remote",
                    "vlm.model", "shapes-vl",
                    "vlm.base-url", urls(loading)));
            open.add(waiting);
            assertThat(waiting.get("/health").status()).isEqualTo(503);
            early.add(waiting.client()
                    .sendAsync(waiting.post("/v1/chat/completions", request).build(), BodyHandlers.ofString()));
        })) {
            assertThat(early.get(0).get().body()).contains(Goldens.caption("one-shape.png"));
            assertThat(loaded.get("/health").status()).isEqualTo(200);
        } finally {
            for (AutoCloseable each : open) {
                each.close();
            }
        }
    }

    @Test
    void tellsThatAKeyIsRefusedAndNotTheKey() throws Exception {
        try (RunningService wrong = new RunningService(Map.of(
                "vlm.engine", "remote",
                "vlm.model", "shapes-vl",
                "vlm.base-url", urls(one, two),
                "vlm.api-key", "wrong-key"))) {
            RunningService.Reply reply =
                    wrong.chat(Conversations.describe("one-shape.png", "Hi").toString());

            assertThat(reply.status()).isEqualTo(502);
            assertThat(reply.error().get("code").asText()).isEqualTo("bad_gateway");
            assertThat(reply.text()).contains("refuses the key").doesNotContain("wrong-key");
        }
    }

    @Test
    void overflowsToTheServersWhenTheEngineAtHandIsFull() throws Exception {
        try (RunningService own = new RunningService(Map.of(
                "vlm.engine", "auto",
                "vlm.base-url", urls(one, two),
                "vlm.api-key", KEY,
                "vlm.max-sequences", "1",
                "vlm.queue-length", "0"))) {
            String request =
                    Conversations.longAnswer(600).put("ignore_eos", true).toString();
            double before = one.ended("length") + two.ended("length");
            List<CompletableFuture<HttpResponse<String>>> replies = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                replies.add(own.client()
                        .sendAsync(own.post("/v1/chat/completions", request).build(), BodyHandlers.ofString()));
            }

            for (CompletableFuture<HttpResponse<String>> reply : replies) {
                assertThat(reply.get().statusCode()).as(reply.get().body()).isEqualTo(200);
                assertThat(new ObjectMapper()
                                .readTree(reply.get().body())
                                .at("/usage/completion_tokens")
                                .asInt())
                        .isEqualTo(600);
            }
            assertThat(one.ended("length") + two.ended("length") - before).isBetween(1.0, 3.0);
            assertThat(own.get("/metrics").text())
                    .contains("vlm_request_success_total{finished_reason=\"length\",model_name=\"shapes-vl\"} 4.0");
        }
    }

    @Test
    void endsAtTheTimeLimitWithTheStatusOfTheSameLimitHere() throws Exception {
        try (RunningService hasty = new RunningService(Map.of(
                "vlm.engine", "remote",
                "vlm.model", "",
                "vlm.base-url", urls(one, two),
                "vlm.api-key", KEY,
                "api.time-limit", "200"))) {
            RunningService.Reply reply = hasty.chat(
                    Conversations.longAnswer(3900).put("ignore_eos", true).toString());

            assertThat(reply.status()).isEqualTo(504);
            assertThat(reply.error().get("code").asText()).isEqualTo("time_limit_exceeded");
        }
        Await.until(
                "the server stops too",
                () -> one.metric("vlm_num_requests_running") + two.metric("vlm_num_requests_running") == 0);
    }
}
