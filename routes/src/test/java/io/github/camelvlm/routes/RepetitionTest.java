package io.github.camelvlm.routes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.JsonValue;
import com.openai.core.ObjectMappers;
import com.openai.core.http.StreamResponse;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionContentPart;
import com.openai.models.chat.completions.ChatCompletionContentPartImage;
import com.openai.models.chat.completions.ChatCompletionContentPartText;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.responses.Response;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Answers that a model really repeats, in each of the formats: words that it has said are made the likelier ones. */
class RepetitionTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String WORD = " diamond";

    /** Of all clients, those of Anthropic and Ollama included, which have no fields for it. */
    private static final Map<String, String> REPEATING = Map.of(
            "camel.component.vlm.configuration.repetition-penalty", "0.3",
            "camel.component.vlm.configuration.temperature", "0",
            "vlm.repetition-guard", "on");

    private static RunningService service;
    private static OpenAIClient client;

    @BeforeAll
    static void start() {
        service = new RunningService(REPEATING);
        client = OpenAIOkHttpClient.builder()
                .baseUrl("http://localhost:" + service.port() + "/v1")
                .apiKey("none")
                .maxRetries(0)
                .build();
    }

    @AfterAll
    static void stop() {
        client.close();
        service.close();
    }

    private static ChatCompletionCreateParams.Builder ask() throws Exception {
        return ChatCompletionCreateParams.builder()
                .model("shapes-vl")
                .maxCompletionTokens(400)
                .addUserMessageOfArrayOfContentParts(List.of(
                        ChatCompletionContentPart.ofImageUrl(ChatCompletionContentPartImage.builder()
                                .imageUrl(ChatCompletionContentPartImage.ImageUrl.builder()
                                        .url(Conversations.dataUrl("one-shape.png"))
                                        .build())
                                .build()),
                        ChatCompletionContentPart.ofText(ChatCompletionContentPartText.builder()
                                .text("Describe this image.")
                                .build())));
    }

    private static JsonNode send(String path, ObjectNode body) throws Exception {
        RunningService.Reply reply = service.send(service.post(path, body.toString()));
        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
        return reply.json();
    }

    private static void assertEnded(String text) {
        assertThat(text).startsWith("A small small").endsWith(WORD.repeat(64)).doesNotContain(WORD.repeat(65));
    }

    @Test
    void areReadByOpenAisClientAsOnesThatWereCut() throws Exception {
        double before = service.ended("repetition");

        ChatCompletion.Choice choice = client.chat()
                .completions()
                .create(ask().build())
                .validate()
                .choices()
                .get(0);

        assertEnded(choice.message().content().orElseThrow());
        assertThat(choice.finishReason()).isEqualTo(ChatCompletion.Choice.FinishReason.LENGTH);
        assertThat(choice._additionalProperties().get("stop_reason")).isEqualTo(JsonValue.from("repetition_detected"));
        assertThat(choice._additionalProperties().get("vlm_finish_reason")).isEqualTo(JsonValue.from("repetition"));
        Await.until("it is counted", () -> service.ended("repetition") > before);
    }

    @Test
    void areStreamedToOpenAisClientAsTheyAreToldWhole() throws Exception {
        try (StreamResponse<ChatCompletionChunk> response =
                client.chat().completions().createStreaming(ask().build())) {
            List<ChatCompletionChunk.Choice> choices = response.stream()
                    .flatMap(chunk -> chunk.validate().choices().stream())
                    .toList();
            ChatCompletionChunk.Choice last = choices.get(choices.size() - 1);

            assertEnded(choices.stream()
                    .map(choice -> choice.delta().content().orElse(""))
                    .collect(Collectors.joining()));
            assertThat(last.finishReason()).contains(ChatCompletionChunk.Choice.FinishReason.LENGTH);
            assertThat(last._additionalProperties().get("stop_reason"))
                    .isEqualTo(JsonValue.from("repetition_detected"));
        }
    }

    @Test
    void areLeftAloneWhereARequestSaysSo() throws Exception {
        ChatCompletion completion = client.chat()
                .completions()
                .create(ask().putAdditionalBodyProperty("repetition_detection", JsonValue.from(Map.of()))
                        .build());

        assertThat(completion.usage().orElseThrow().completionTokens()).isEqualTo(400);
    }

    @Test
    void areRefusedBoundsOutOfTheirRange() throws Exception {
        ObjectNode body = Conversations.describe("one-shape.png", "Describe this image.");
        body.putObject("repetition_detection").put("max_pattern_size", 5000).put("min_count", 3);

        RunningService.Reply reply = service.chat(body.toString());

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.json().at("/error/param").asText()).isEqualTo("repetition_detection.max_pattern_size");
    }

    private static ObjectNode response() throws Exception {
        ObjectNode body = JSON.createObjectNode().put("model", "shapes-vl").put("max_output_tokens", 400);
        var content = body.putArray("input").addObject().put("role", "user").putArray("content");
        content.addObject().put("type", "input_image").put("image_url", Conversations.dataUrl("one-shape.png"));
        content.addObject().put("type", "input_text").put("text", "Describe this image.");
        return body;
    }

    @Test
    void areIncompleteAsResponses() throws Exception {
        JsonNode json = send("/v1/responses", response());
        Response response = ObjectMappers.jsonMapper().readValue(json.toString(), Response.class);

        assertEnded(json.at("/output/0/content/0/text").asText());
        assertThat(json.path("status").asText()).isEqualTo("incomplete");
        assertThat(response.incompleteDetails().orElseThrow().reason())
                .contains(Response.IncompleteDetails.Reason.MAX_OUTPUT_TOKENS);
        assertThat(json.at("/incomplete_details/vlm_finish_reason").asText()).isEqualTo("repetition");
    }

    @Test
    void areEndedByTheBoundsOfARequestForAResponseAndACompletion() throws Exception {
        Map<String, Integer> bounds = Map.of("max_pattern_size", 8, "min_count", 10);
        ObjectNode response = response();
        response.set("repetition_detection", JSON.valueToTree(bounds));
        ObjectNode completion =
                JSON.createObjectNode().put("prompt", "A small small small").put("max_tokens", 300);
        completion.put("ignore_eos", true).set("repetition_detection", JSON.valueToTree(bounds));

        JsonNode told = send("/v1/responses", response);
        JsonNode choice = send("/v1/completions", completion).at("/choices/0");

        assertThat(told.at("/output/0/content/0/text").asText()).isEqualTo("A" + " small".repeat(10));
        assertThat(choice.path("stop_reason").asText()).isEqualTo("repetition_detected");
        assertThat(choice.path("finish_reason").asText()).isEqualTo("length");
    }

    @Test
    void areCutForClientsOfAnthropicAndOllama() throws Exception {
        String picture = Conversations.dataUrl("one-shape.png");
        String base64 = picture.substring(picture.indexOf(',') + 1);
        ObjectNode message = JSON.createObjectNode().put("model", "shapes-vl").put("max_tokens", 400);
        var content =
                message.putArray("messages").addObject().put("role", "user").putArray("content");
        content.addObject()
                .put("type", "image")
                .putObject("source")
                .put("type", "base64")
                .put("media_type", "image/png")
                .put("data", base64);
        content.addObject().put("type", "text").put("text", "Describe this image.");
        ObjectNode chat = JSON.createObjectNode().put("model", "shapes-vl").put("stream", false);
        chat.putObject("options").put("num_predict", 400);
        chat.putArray("messages")
                .addObject()
                .put("role", "user")
                .put("content", "Describe this image.")
                .putArray("images")
                .add(base64);

        JsonNode told = send("/v1/messages", message);
        JsonNode said = send("/api/chat", chat);

        assertEnded(told.at("/content/0/text").asText());
        assertThat(told.path("stop_reason").asText()).isEqualTo("max_tokens");
        assertEnded(said.at("/message/content").asText());
        assertThat(said.path("done_reason").asText()).isEqualTo("length");
    }

    /** The server of the cluster is told it in vLLM's words, and tells it in its own. */
    @Test
    void areEndedByAClusterToo() throws Exception {
        try (RunningService server = new RunningService(Map.of());
                RunningService front = new RunningService(Map.of(
                        "vlm.engine",
                        "remote",
                        "vlm.model",
                        "",
                        "vlm.base-url",
                        "http://localhost:" + server.port() + "/v1",
                        "camel.component.vlm.configuration.repetition-penalty",
                        "0.3",
                        "vlm.repetition-guard",
                        "on"))) {
            ObjectNode body = Conversations.describe("one-shape.png", "Describe this image.");
            body.put("temperature", 0).put("max_tokens", 400);

            JsonNode choice = front.chat(body.toString()).json().at("/choices/0");

            assertThat(choice.path("finish_reason").asText()).isEqualTo("length");
            assertThat(choice.path("vlm_finish_reason").asText()).isEqualTo("repetition");
            assertThat(choice.at("/message/content").asText())
                    .endsWith(WORD.repeat(66))
                    .doesNotContain(WORD.repeat(67));
            assertThat(server.ended("repetition")).isEqualTo(1);
        }
    }
}
