package io.github.camelvlm.routes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Ollama's API by hand; its own client is in samples/clients/node. */
class OllamaTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String CAPTION = Goldens.caption("one-shape.png");

    private static RunningService service;

    @BeforeAll
    static void start() {
        service = new RunningService(Map.of("api.anthropic", "false"));
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    private static String picture() throws Exception {
        return Base64.getEncoder().encodeToString(Files.readAllBytes(Goldens.picture("one-shape.png")));
    }

    private static ObjectNode chat() throws Exception {
        ObjectNode body = JSON.createObjectNode().put("model", "shapes-vl:latest");
        body.putObject("options").put("temperature", 0).put("num_predict", 64).put("num_ctx", 2048);
        body.putArray("messages")
                .addObject()
                .put("role", "user")
                .put("content", "Describe this image.")
                .putArray("images")
                .add(picture());
        return body.put("keep_alive", "5m").put("think", false);
    }

    private static List<JsonNode> lines(RunningService.Reply reply) throws Exception {
        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
        List<JsonNode> lines = new ArrayList<>();
        for (String line : reply.text().split("\n")) {
            lines.add(JSON.readTree(line));
        }
        return lines;
    }

    private static RunningService.Reply post(String path, JsonNode body) throws Exception {
        return service.send(service.post(path, body.toString()));
    }

    @Test
    void describesAPictureInLinesUnlessToldOtherwise() throws Exception {
        RunningService.Reply reply = post("/api/chat", chat());

        List<JsonNode> lines = lines(reply);
        assertThat(reply.header("Content-Type")).isEqualTo("application/x-ndjson");
        assertThat(lines).hasSizeGreaterThan(3);
        StringBuilder text = new StringBuilder();
        lines.forEach(line -> text.append(line.at("/message/content").asText()));
        assertThat(text).hasToString(CAPTION);
        JsonNode last = lines.get(lines.size() - 1);
        assertThat(last.get("done").asBoolean()).isTrue();
        assertThat(last.get("done_reason").asText()).isEqualTo("stop");
        assertThat(last.get("model").asText()).isEqualTo("shapes-vl:latest");
        assertThat(last.get("eval_count").asInt()).isPositive();
        assertThat(last.get("total_duration").asLong())
                .isEqualTo(last.get("prompt_eval_duration").asLong()
                        + last.get("eval_duration").asLong());
        assertThat(last.get("prompt_eval_duration").asLong()).isPositive();
    }

    @Test
    void describesAPictureAtOnce() throws Exception {
        JsonNode answer = post("/api/chat", chat().put("stream", false)).json();

        assertThat(answer.at("/message/content").asText()).as(answer.toString()).isEqualTo(CAPTION);
        assertThat(answer.get("done").asBoolean()).isTrue();
        assertThat(answer.get("eval_duration").asLong()).isPositive();
    }

    @Test
    void answersAPrompt() throws Exception {
        ObjectNode body = JSON.createObjectNode().put("model", "shapes-vl").put("prompt", "Describe this image.");
        body.putObject("options").put("temperature", 0).put("num_predict", 2);
        body.putArray("images").add(picture());

        JsonNode answer = post("/api/generate", body.put("stream", false)).json();

        assertThat(CAPTION).startsWith(answer.get("response").asText());
        assertThat(answer.get("done_reason").asText()).isEqualTo("length");
    }

    @Test
    void answersInTheFormOfASchema() throws Exception {
        ObjectNode body = chat().put("stream", false);
        body.set("format", JSON.readTree("""
                {"type": "object", "properties": {"round": {"type": "boolean"}}, "required": ["round"]}"""));

        String text = post("/api/chat", body).json().at("/message/content").asText();

        assertThat(JSON.readTree(text).get("round").isBoolean()).as(text).isTrue();
    }

    @Test
    void tellsOfModels() throws Exception {
        assertThat(service.get("/api/tags").json().at("/models/0/name").asText())
                .isEqualTo("shapes-vl:latest");
        assertThat(service.get("/api/ps").json().at("/models/0/model").asText()).isEqualTo("shapes-vl:latest");
        assertThat(service.get("/api/version").json().get("version").asText()).isNotEmpty();
        JsonNode shown = post("/api/show", JSON.createObjectNode().put("model", "shapes-vl:latest"))
                .json();
        assertThat(shown.get("capabilities").toString()).as(shown.toString()).contains("vision");
        RunningService.Reply other = post("/api/show", JSON.createObjectNode().put("model", "other"));
        assertThat(other.status()).isEqualTo(404);
        assertThat(other.error().asText()).contains("other");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/api/chat | {} | messages",
                "/api/chat | {'messages':[{'role':'user','content':'a','images':['AAAA']}]} | messages[0].images[0]",
                "/api/chat | {'messages':[{'role':'user','content':'a','images':['http://localhost/a']}]}"
                        + " | messages[0].images[0]",
                "/api/chat | {'messages':[{'role':'user','content':'a'}],'options':{'temperature':-1}}"
                        + " | options.temperature",
                "/api/chat | {'messages':[{'role':'user','content':'a'}],'think':true} | think",
                "/api/chat | {'messages':[{'role':'user','content':'a'}],'options':{'mirostat':2}} | options.mirostat",
                "/api/generate | {'prompt':'a','suffix':'b'} | suffix",
                "/api/generate | {'prompt':'a','raw':true} | raw",
                "/api/generate | {'prompt':''} | prompt",
                "/api/show | {'model':5} | model",
                "/api/show | {'name':5} | name",
                "/api/show | [] | body",
                "/api/show | {} | model"
            })
    void refusesInItsOwnWords(String path, String body, String named) throws Exception {
        RunningService.Reply reply = service.send(service.post(path, body.replace('\'', '"')));

        assertThat(reply.status()).as(reply.text()).isEqualTo(400);
        assertThat(reply.error().asText()).contains(named);
    }

    @Test
    void tellsWhatIsNotThereInItsOwnWords() throws Exception {
        assertThat(service.get("/api/pull").error().isTextual()).isTrue();
    }

    @Test
    void survivesWhatItCannotRead() throws Exception {
        ObjectNode small = chat();
        small.withObject("options").put("num_predict", 1);
        byte[] body = small.toString().getBytes(StandardCharsets.UTF_8);
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(7);
        for (int i = 0; i < 100; i++) {
            byte[] mutated = Mutations.of(body, random);
            RunningService.Reply reply = service.send(service.request("/api/chat")
                    .header("Content-Type", "application/json")
                    .POST(java.net.http.HttpRequest.BodyPublishers.ofByteArray(mutated)));

            assertThat(reply.status()).as(Arrays.toString(mutated)).isIn(200, 400, 404, 422);
        }
    }

    @Test
    void answersNoProtocolThatIsTurnedOff() throws Exception {
        RunningService.Reply reply = service.send(service.post(
                "/v1/messages", "{\"max_tokens\":1,\"messages\":[{\"role\":\"user\",\"content\":\"a\"}]}"));

        assertThat(reply.status()).isEqualTo(404);
    }
}
