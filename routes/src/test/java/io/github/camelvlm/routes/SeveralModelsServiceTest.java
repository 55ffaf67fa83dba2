package io.github.camelvlm.routes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.openai.client.OpenAIClient;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.models.Model;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Several models in one process, over HTTP. */
@Timeout(120)
class SeveralModelsServiceTest {
    private static final Path TESTS = Path.of("../camel-vlm-component/src/test/resources")
            .toAbsolutePath()
            .normalize();
    private static final List<String> RANDOM = List.of("random-vl", "random-vl25");

    private RunningService service;

    @AfterEach
    void stop() {
        if (service != null) {
            service.close();
        }
    }

    private void start(Map<String, String> properties) {
        Map<String, String> all = new HashMap<>(Map.of(
                "vlm.model",
                "shapes-vl",
                "vlm.models",
                "shapes-vl=" + Goldens.MODEL + ",random-vl=" + directory("random-vl") + ",random-vl25="
                        + directory("random-vl25")));
        all.putAll(properties);
        service = new RunningService(all);
    }

    private static Path directory(String model) {
        return TESTS.resolve("models").resolve(model);
    }

    /** The case without pictures of a model. */
    private static JsonNode golden(String model) throws IOException {
        JsonNode all = new ObjectMapper()
                .readTree(TESTS.resolve("goldens").resolve(model + ".json").toFile());
        return StreamSupport.stream(all.spliterator(), false)
                .filter(golden -> golden.get("name")
                        .asText()
                        .equals(model.equals("shapes-vl") ? "describe two-shapes.png" : "no image"))
                .findFirst()
                .orElseThrow();
    }

    private static ObjectNode request(String model) throws IOException {
        return Conversations.request(golden(model)).put("model", model);
    }

    private List<String> loaded() throws IOException, InterruptedException {
        return StreamSupport.stream(service.get("/v1/models").json().get("data").spliterator(), false)
                .filter(model -> model.get("loaded").asBoolean())
                .map(model -> model.get("id").asText())
                .toList();
    }

    @Test
    void servesEachToOpenAisClientAndLoadsItWhenItIsAskedFor() throws Exception {
        start(Map.of());
        OpenAIClient client = service.openAi("none");
        try {
            assertThat(client.models().list().data().stream().map(Model::id))
                    .containsExactly("shapes-vl", "random-vl", "random-vl25");
            assertThat(loaded()).isEmpty();
            assertThat(service.get("/health/ready").status()).isEqualTo(200);

            for (String model : RANDOM) {
                JsonNode golden = golden(model);
                ChatCompletion answer = client.chat()
                        .completions()
                        .create(ChatCompletionCreateParams.builder()
                                .model(model)
                                .temperature(0)
                                .maxCompletionTokens(golden.get("max_tokens").asLong())
                                .addUserMessage(
                                        golden.at("/messages/0/content/0/text").asText())
                                .build());
                assertThat(answer.model()).isEqualTo(model);
                assertThat(answer.choices().get(0).message().content())
                        .hasValue(golden.get("text").asText());
            }
            assertThat(loaded()).isEqualTo(RANDOM);
        } finally {
            client.close();
        }
    }

    @Test
    void streamsAnAnswerOfTheModelThatIsAskedFor() throws Exception {
        start(Map.of());

        RunningService.Reply reply =
                service.chat(request("random-vl").put("stream", true).toString());

        assertThat(reply.text()).contains("\"model\":\"random-vl\"").endsWith("data: [DONE]\n\n");
    }

    @Test
    void answersManyClientsOfThreeModelsOfWhichTheLargestFitsAlone() throws Exception {
        start(Map.of("vlm.model-memory", "33000000", "vlm.max-sequences", "2"));
        ExecutorService clients = Executors.newFixedThreadPool(12);
        try {
            List<JsonNode> goldens = new ArrayList<>();
            List<Future<RunningService.Reply>> replies = new ArrayList<>();
            for (int i = 0; i < 36; i++) {
                String model = List.of("shapes-vl", "random-vl", "random-vl25").get(i % 3);
                String body = request(model).toString();
                goldens.add(golden(model));
                replies.add(clients.submit(() -> service.chat(body)));
            }
            for (int i = 0; i < goldens.size(); i++) {
                Goldens.assertIsAnswer(replies.get(i).get(), goldens.get(i));
            }
        } finally {
            clients.shutdown();
        }
        double loads = service.metric("vlm_model_loads_total");
        assertThat(loads).isGreaterThanOrEqualTo(3);
        assertThat(service.metric("vlm_model_loaded"))
                .isEqualTo(loads - service.metric("vlm_model_unloads_total"))
                .isLessThan(3);
    }

    @Test
    void unloadsAModelThatNoClientAsksForAnyMore() throws Exception {
        start(Map.of("vlm.model-idle", "100ms"));
        Goldens.assertIsAnswer(service.chat(request("random-vl").toString()), golden("random-vl"));

        Await.until("it is unloaded", () -> loaded().isEmpty());

        assertThat(service.metric("vlm_model_unloads_total{model_name=\"random-vl\""))
                .isEqualTo(1);
        assertThat(service.metric("vlm_generation_tokens_total{model_name=\"random-vl\""))
                .isPositive();
        Goldens.assertIsAnswer(service.chat(request("random-vl").toString()), golden("random-vl"));
    }

    @Test
    void tellsTokensOfTheModelThatIsNamed() throws Exception {
        start(Map.of());

        JsonNode tokens = service.send(
                        service.post("/tokenize", "{\"model\": \"random-vl25\", \"prompt\": \"a red circle\"}"))
                .json();
        JsonNode text = service.send(service.post(
                        "/detokenize", "{\"model\": \"random-vl25\", \"tokens\": " + tokens.get("tokens") + "}"))
                .json();

        assertThat(text.get("prompt").asText()).isEqualTo("a red circle");
        assertThat(loaded()).containsExactly("random-vl25");
    }

    @Test
    void tellsAClientToTryAgainWhereAModelCannotBeLoadedAndServesTheOthers(@TempDir Path broken) throws Exception {
        try (Stream<Path> files = Files.list(directory("random-vl"))) {
            for (Path file : files.toList()) {
                Files.copy(file, broken.resolve(file.getFileName()));
            }
        }
        start(Map.of("vlm.models", "shapes-vl=" + Goldens.MODEL + ",random-vl=" + broken));
        Files.move(broken.resolve("tokenizer.json"), broken.resolve("away"));

        RunningService.Reply reply = service.chat(request("random-vl").toString());

        assertThat(reply.status()).isEqualTo(503);
        assertThat(reply.header("Retry-After")).isNotNull();
        assertThat(reply.error().get("code").asText()).isEqualTo("service_unavailable");
        assertThat(reply.error().get("message").asText())
                .isEqualTo("Model random-vl cannot be loaded at present: the log says why");
        assertThat(service.metric("vlm_model_load_failures_total")).isEqualTo(1);
        Goldens.assertIsAnswer(service.chat(request("shapes-vl").toString()), golden("shapes-vl"));
        Files.move(broken.resolve("away"), broken.resolve("tokenizer.json"));
        Goldens.assertIsAnswer(service.chat(request("random-vl").toString()), golden("random-vl"));
    }

    @Test
    void tellsAClientToTryAgainWhoseTimeIsOverBeforeTheModelIsLoaded() throws Exception {
        start(Map.of("api.time-limit", "1ms"));

        RunningService.Reply reply = service.chat(request("random-vl").toString());

        assertThat(reply.status()).isEqualTo(503);
        assertThat(reply.header("Retry-After")).isNotNull();
        assertThat(reply.error().get("message").asText())
                .isEqualTo("Model random-vl is not loaded yet, and the request's time is over: try again later");
    }

    @Test
    void servesReplicasOfAModel() throws Exception {
        service = new RunningService(Map.of("vlm.device", "cpu,cpu"));

        Goldens.assertIsAnswer(service.chat(request("shapes-vl").toString()), golden("shapes-vl"));

        assertThat(service.metric("vlm_model_replicas_ready")).isEqualTo(2);
    }
}
