package io.github.camelvlm.routes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A model with two adapters beside it, over HTTP. */
@Timeout(120)
class AdapterServiceTest {
    private static final Path TESTS = Path.of("../camel-vlm-component/src/test/resources")
            .toAbsolutePath()
            .normalize();
    private static final Map<String, String> GOLDENS =
            Map.of("random-vl", "random-vl.json", "text", "adapter-text.json", "vision", "adapter-vision.json");

    private static RunningService service;

    @BeforeAll
    static void start() {
        Path adapters = TESTS.resolve("models/adapters");
        service = new RunningService(Map.of(
                "vlm.model",
                TESTS.resolve("models/random-vl").toString(),
                "vlm.adapters",
                "text=" + adapters.resolve("adapter-text") + ", vision=" + adapters.resolve("adapter-vision")));
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    private static List<JsonNode> goldens(String model) throws IOException {
        JsonNode all = new ObjectMapper()
                .readTree(TESTS.resolve("goldens").resolve(GOLDENS.get(model)).toFile());
        // Pictures in lossy formats have other pixels here, and where margins are tiny another token may be chosen.
        return StreamSupport.stream(all.spliterator(), false)
                .filter(golden -> !golden.get("messages").toString().contains(".jpg"))
                .filter(golden -> golden.get("smallest_margin").asDouble() > 0.01)
                .toList();
    }

    private static ObjectNode request(JsonNode golden, String model) throws IOException {
        return Conversations.request(golden).put("model", model);
    }

    @Test
    void answersEachByTheAdapterThatItsModelNames() throws Exception {
        ExecutorService clients = Executors.newFixedThreadPool(8);
        try {
            List<JsonNode> asked = new ArrayList<>();
            List<Future<RunningService.Reply>> replies = new ArrayList<>();
            for (String model : GOLDENS.keySet()) {
                for (JsonNode golden : goldens(model)) {
                    String body = request(golden, model).toString();
                    asked.add(golden);
                    replies.add(clients.submit(() -> service.chat(body)));
                }
            }
            for (int i = 0; i < asked.size(); i++) {
                Goldens.assertIsAnswer(replies.get(i).get(), asked.get(i));
            }
            assertThat(asked).hasSizeGreaterThan(12);
        } finally {
            clients.shutdown();
        }
    }

    @Test
    void tellsTheAdapterThatAnswered() throws Exception {
        RunningService.Reply reply =
                service.chat(request(goldens("text").get(0), "text").toString());

        assertThat(reply.json().get("model").asText()).isEqualTo("text");
    }

    @Test
    void listsAdaptersWithTheirModel() throws Exception {
        JsonNode list = service.get("/v1/models").json();

        assertThat(list.findValuesAsText("id")).containsExactly("random-vl", "text", "vision");
        assertThat(list.findValuesAsText("root")).containsExactly("random-vl", "adapter-text", "adapter-vision");
        assertThat(list.findValuesAsText("parent")).containsExactly("null", "random-vl", "random-vl");
        assertThat(service.get("/v1/models/vision").json().get("parent").asText())
                .isEqualTo("random-vl");
    }

    @Test
    void refusesANameThatIsNeitherTheModelsNorAnAdapters() throws Exception {
        RunningService.Reply reply = service.chat(
                "{\"model\": \"other\", \"messages\": [{\"role\": \"user\", \"content\": \"Hi\"}], \"max_tokens\": 1}");

        assertThat(reply.status()).isEqualTo(404);
        assertThat(reply.error().get("code").asText()).isEqualTo("model_not_found");
        assertThat(reply.error().get("message").asText()).endsWith("ask for random-vl or text or vision");
    }
}
