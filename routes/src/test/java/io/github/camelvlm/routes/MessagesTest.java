package io.github.camelvlm.routes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
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

/** Anthropic's Messages by hand; its own client is in samples/clients/node. */
class MessagesTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String CAPTION = Goldens.caption("one-shape.png");

    private static RunningService service;

    @BeforeAll
    static void start() {
        service = new RunningService(Map.of("api.key", "secret"));
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    private static ObjectNode body() throws Exception {
        ObjectNode body = JSON.createObjectNode();
        body.put("model", "shapes-vl").put("temperature", 0).put("max_tokens", 64);
        var content = body.putArray("messages").addObject().put("role", "user").putArray("content");
        content.addObject()
                .put("type", "image")
                .putObject("source")
                .put("type", "base64")
                .put("media_type", "image/png")
                .put("data", Base64.getEncoder().encodeToString(Files.readAllBytes(Goldens.picture("one-shape.png"))));
        content.addObject().put("type", "text").put("text", "Describe this image.");
        return body;
    }

    private static RunningService.Reply send(String path, String body) throws Exception {
        return service.send(
                service.post(path, body).header("x-api-key", "secret").header("anthropic-version", "2023-06-01"));
    }

    private static RunningService.Reply ask(JsonNode body) throws Exception {
        return send("/v1/messages", body.toString());
    }

    private static List<JsonNode> events(RunningService.Reply reply) throws Exception {
        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
        return EventStream.chunks(reply.text().lines().toList());
    }

    @Test
    void describesAPicture() throws Exception {
        RunningService.Reply reply = ask(body());

        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
        assertThat(reply.json().at("/content/0/text").asText()).isEqualTo(CAPTION);
        assertThat(reply.json().get("stop_reason").asText()).isEqualTo("end_turn");
        assertThat(reply.json().get("type").asText()).isEqualTo("message");
        assertThat(reply.json().at("/usage/output_tokens").asInt()).isPositive();
        assertThat(reply.header("request-id")).isEqualTo(reply.header("x-request-id"));
    }

    @Test
    void describesAPictureInEvents() throws Exception {
        List<JsonNode> events = events(ask(body().put("stream", true)));

        List<String> types = events.stream()
                .map(event -> event.get("type").asText())
                .distinct()
                .toList();
        assertThat(types)
                .containsExactly(
                        "message_start",
                        "ping",
                        "content_block_start",
                        "content_block_delta",
                        "content_block_stop",
                        "message_delta",
                        "message_stop");
        StringBuilder text = new StringBuilder();
        events.forEach(event -> text.append(event.at("/delta/text").asText()));
        assertThat(text).hasToString(CAPTION);
        JsonNode last = events.get(events.size() - 2);
        assertThat(last.at("/delta/stop_reason").asText()).isEqualTo("end_turn");
        JsonNode first = events.get(0).at("/message/usage");
        assertThat(first.get("output_tokens").asInt()).isZero();
        for (JsonNode usage : List.of(first, last.get("usage"))) {
            assertThat(usage.get("input_tokens").asInt()
                            + usage.get("cache_read_input_tokens").asInt())
                    .isEqualTo(Goldens.descriptions()
                            .get("one-shape.png")
                            .get("prompt_token_ids")
                            .size());
        }
        assertThat(first.get("cache_read_input_tokens"))
                .isEqualTo(last.get("usage").get("cache_read_input_tokens"));
    }

    @ParameterizedTest
    @CsvSource({"false", "true"})
    void tellsWhichSequenceEndedTheAnswer(boolean stream) throws Exception {
        String word = CAPTION.split(" ")[2];
        ObjectNode body = body().put("stream", stream);
        body.putArray("stop_sequences").add("never said").add(word);

        RunningService.Reply reply = ask(body);

        String before = CAPTION.substring(0, CAPTION.indexOf(word));
        if (stream) {
            List<JsonNode> events = events(reply);
            StringBuilder text = new StringBuilder();
            events.forEach(event -> text.append(event.at("/delta/text").asText()));
            assertThat(text).hasToString(before);
            assertThat(events.get(events.size() - 2).at("/delta/stop_sequence").asText())
                    .isEqualTo(word);
        } else {
            assertThat(reply.json().at("/content/0/text").asText()).isEqualTo(before);
            assertThat(reply.json().get("stop_reason").asText()).isEqualTo("stop_sequence");
            assertThat(reply.json().get("stop_sequence").asText()).isEqualTo(word);
        }
    }

    @Test
    void goesOnWithTheBeginningOfAnAnswer() throws Exception {
        ObjectNode body = body();
        String begun = CAPTION.substring(0, CAPTION.indexOf(' '));
        body.withArray("messages").addObject().put("role", "assistant").put("content", begun);

        assertThat(begun + ask(body).json().at("/content/0/text").asText()).isEqualTo(CAPTION);
    }

    @Test
    void answersInTheFormOfASchema() throws Exception {
        ObjectNode body = body();
        ObjectNode schema = (ObjectNode) JSON.readTree(
                "{\"type\":\"object\",\"properties\":{\"round\":{\"type\":\"boolean\"}},\"required\":[\"round\"],"
                        + "\"additionalProperties\":false}");
        body.putObject("output_config")
                .putObject("format")
                .put("type", "json_schema")
                .set("schema", schema);

        String text = ask(body).json().at("/content/0/text").asText();

        assertThat(JSON.readTree(text).get("round").isBoolean()).as(text).isTrue();
    }

    @Test
    void callsTheToolThatItMustAndTakesItsResult() throws Exception {
        ObjectNode body = body();
        body.put("system", "You are a clerk.");
        body.putArray("tools").addObject().put("name", "record").set("input_schema", JSON.readTree("""
                {"type": "object", "properties": {"round": {"type": "boolean"}}, "required": ["round"]}"""));
        body.putObject("tool_choice").put("type", "tool").put("name", "record");
        JsonNode answer = ask(body).json();
        JsonNode call = answer.at("/content/0");
        assertThat(answer.get("stop_reason").asText()).as(answer.toString()).isEqualTo("tool_use");
        assertThat(call.get("name").asText()).isEqualTo("record");
        assertThat(call.at("/input/round").isBoolean()).isTrue();

        List<JsonNode> events = events(ask(body.put("stream", true)));
        StringBuilder input = new StringBuilder();
        events.forEach(event -> input.append(event.at("/delta/partial_json").asText()));
        assertThat(JSON.readTree(input.toString())).isEqualTo(call.get("input"));

        body.put("stream", false).remove("tool_choice");
        body.withArray("messages").addObject().put("role", "assistant").set("content", answer.get("content"));
        ObjectNode result = body.withArray("messages")
                .addObject()
                .put("role", "user")
                .putArray("content")
                .addObject()
                .put("type", "tool_result")
                .put("tool_use_id", call.get("id").asText());
        result.putArray("content")
                .addAll((com.fasterxml.jackson.databind.node.ArrayNode) body().at("/messages/0/content"));
        RunningService.Reply reply = ask(body);
        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
    }

    @Test
    void countsTokens() throws Exception {
        ObjectNode body = body();
        body.remove(List.of("max_tokens"));

        RunningService.Reply reply = send("/v1/messages/count_tokens", body.toString());

        assertThat(reply.text())
                .isEqualTo("{\"input_tokens\":"
                        + Goldens.descriptions()
                                .get("one-shape.png")
                                .get("prompt_token_ids")
                                .size() + "}");
    }

    @Test
    void listsTheModelsInItsOwnWords() throws Exception {
        RunningService.Reply reply = service.send(
                service.request("/v1/models").header("x-api-key", "secret").header("anthropic-version", "2023-06-01"));

        assertThat(reply.json().at("/data/0/type").asText()).as(reply.text()).isEqualTo("model");
        assertThat(reply.json().get("has_more").asBoolean(true)).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'messages':[]} | max_tokens | invalid_request_error",
                "{'max_tokens':1,'messages':[{'role':'user','content':7}]} | messages[0].content | invalid_request_error",
                "{'max_tokens':1,'system':'a','messages':[{'role':'user','content':[{'type':'text','text':'b'},"
                        + "{'type':'image','source':{'type':'base64','media_type':'image/png','data':'AAAA'}}]}]}"
                        + " | messages[0].content[1] | invalid_request_error",
                "{'max_tokens':1,'messages':[{'role':'user','content':[{'type':'document'}]}]}"
                        + " | messages[0].content[0].type | invalid_request_error",
                "{'max_tokens':1,'messages':[],'thinking':{'type':'enabled'}} | thinking | invalid_request_error",
                "{'max_tokens':1,'messages':[],'container':'c'} | container | invalid_request_error",
                "{'max_tokens':1,'messages':[{'role':'user','content':'a'}],'model':'other'} | other | not_found_error"
            })
    void refusesInItsOwnWords(String body, String named, String type) throws Exception {
        RunningService.Reply reply = send("/v1/messages", body.replace('\'', '"'));

        assertThat(reply.json().get("type").asText()).as(reply.text()).isEqualTo("error");
        assertThat(reply.error().get("type").asText()).isEqualTo(type);
        assertThat(reply.error().get("message").asText()).contains(named);
    }

    @Test
    void asksForAKeyInItsOwnWords() throws Exception {
        RunningService.Reply reply = service.send(service.post("/v1/messages", "{}"));

        assertThat(reply.status()).isEqualTo(401);
        assertThat(reply.error().get("type").asText()).isEqualTo("authentication_error");
        assertThat(reply.error().get("message").asText()).contains("x-api-key");
    }

    @Test
    void survivesWhatItCannotRead() throws Exception {
        byte[] body = body().put("max_tokens", 1).toString().getBytes(StandardCharsets.UTF_8);
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(7);
        for (int i = 0; i < 100; i++) {
            byte[] mutated = Mutations.of(body, random);
            RunningService.Reply reply = service.send(service.request("/v1/messages")
                    .header("Content-Type", "application/json")
                    .header("Authorization", "Bearer secret")
                    .POST(java.net.http.HttpRequest.BodyPublishers.ofByteArray(mutated)));

            assertThat(reply.status()).as(Arrays.toString(mutated)).isIn(200, 400, 404, 422);
        }
    }
}
