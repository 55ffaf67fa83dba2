package io.github.camelvlm.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.openai.client.OpenAIClient;
import com.openai.core.JsonValue;
import com.openai.core.http.StreamResponse;
import com.openai.errors.BadRequestException;
import com.openai.errors.NotFoundException;
import com.openai.models.responses.EasyInputMessage;
import com.openai.models.responses.Response;
import com.openai.models.responses.ResponseCreateParams;
import com.openai.models.responses.ResponseFormatTextJsonSchemaConfig;
import com.openai.models.responses.ResponseInputContent;
import com.openai.models.responses.ResponseInputImage;
import com.openai.models.responses.ResponseInputItem;
import com.openai.models.responses.ResponseInputText;
import com.openai.models.responses.ResponseStatus;
import com.openai.models.responses.ResponseStreamEvent;
import com.openai.models.responses.ResponseTextConfig;
import java.net.http.HttpRequest;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** OpenAI's Responses, by its own client and by hand. */
class ResponsesTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String CAPTION = Goldens.caption("one-shape.png");

    private static RunningService service;
    private static OpenAIClient client;

    @BeforeAll
    static void start() {
        service = new RunningService(Map.of("api.key", "first,second", "vlm.max-sequences", "1"));
        client = service.openAi("first");
    }

    @AfterAll
    static void stop() {
        client.close();
        service.close();
    }

    private static ResponseCreateParams.Builder ask(String question) throws Exception {
        return ResponseCreateParams.builder()
                .model("shapes-vl")
                .temperature(0)
                .maxOutputTokens(64)
                .inputOfResponse(List.of(ResponseInputItem.ofEasyInputMessage(EasyInputMessage.builder()
                        .role(EasyInputMessage.Role.USER)
                        .contentOfResponseInputMessageContentList(List.of(
                                ResponseInputContent.ofInputImage(ResponseInputImage.builder()
                                        .imageUrl(Conversations.dataUrl("one-shape.png"))
                                        .detail(ResponseInputImage.Detail.AUTO)
                                        .build()),
                                ResponseInputContent.ofInputText(ResponseInputText.builder()
                                        .text(question)
                                        .build())))
                        .build())));
    }

    private static String text(Response response) {
        return response.output().stream()
                .flatMap(item -> item.message().stream())
                .flatMap(message -> message.content().stream())
                .map(content -> content.asOutputText().text())
                .collect(Collectors.joining());
    }

    @Test
    void describesAPicture() throws Exception {
        Response response =
                client.responses().create(ask("Describe this image.").build());

        assertThat(text(response)).isEqualTo(CAPTION);
        assertThat(response.status()).contains(ResponseStatus.COMPLETED);
        assertThat(response.usage().orElseThrow().outputTokens()).isPositive();
        response.validate();
    }

    @Test
    void describesAPictureInEvents() throws Exception {
        try (StreamResponse<ResponseStreamEvent> stream =
                client.responses().createStreaming(ask("Describe this image.").build())) {
            List<ResponseStreamEvent> events = stream.stream().toList();

            events.forEach(ResponseStreamEvent::validate);
            assertThat(events.get(0).isCreated()).isTrue();
            assertThat(events.stream()
                            .flatMap(event -> event.outputTextDelta().stream())
                            .map(delta -> delta.delta())
                            .collect(Collectors.joining()))
                    .isEqualTo(CAPTION);
            Response whole =
                    events.get(events.size() - 1).completed().orElseThrow().response();
            assertThat(text(whole)).isEqualTo(CAPTION);
            assertThat(whole.usage().orElseThrow().outputTokens()).isPositive();
        }
    }

    @Test
    void numbersItsEventsInTheirOrder() throws Exception {
        List<JsonNode> events = events(body().put("stream", true));

        assertThat(events)
                .extracting(event -> event.get("sequence_number").asInt())
                .isSorted()
                .doesNotHaveDuplicates();
        assertThat(events)
                .extracting(event -> event.get("type").asText())
                .startsWith(
                        "response.created",
                        "response.in_progress",
                        "response.output_item.added",
                        "response.content_part.added",
                        "response.output_text.delta")
                .endsWith(
                        "response.output_text.delta",
                        "response.output_text.done",
                        "response.content_part.done",
                        "response.output_item.done",
                        "response.completed");
    }

    @Test
    void answersInTheFormOfASchema() throws Exception {
        Response response = client.responses()
                .create(ask("Describe this image.")
                        .text(ResponseTextConfig.builder()
                                .format(ResponseFormatTextJsonSchemaConfig.builder()
                                        .name("shape")
                                        .schema(ResponseFormatTextJsonSchemaConfig.Schema.builder()
                                                .putAdditionalProperty("type", JsonValue.from("object"))
                                                .putAdditionalProperty(
                                                        "properties",
                                                        JsonValue.from(Map.of("round", Map.of("type", "boolean"))))
                                                .putAdditionalProperty("required", JsonValue.from(List.of("round")))
                                                .putAdditionalProperty("additionalProperties", JsonValue.from(false))
                                                .build())
                                        .build())
                                .build())
                        .build());

        assertThat(JSON.readTree(text(response)).get("round").isBoolean()).isTrue();
    }

    @Test
    void tellsAnAnswerThatWasCut() throws Exception {
        Response cut = client.responses()
                .create(ask("Describe this image.").maxOutputTokens(2).build());

        assertThat(cut.status()).contains(ResponseStatus.INCOMPLETE);
        assertThat(cut.incompleteDetails().orElseThrow().reason().orElseThrow().asString())
                .isEqualTo("max_output_tokens");
        List<JsonNode> events = events(body().put("stream", true).put("max_output_tokens", 2));
        assertThat(events)
                .last()
                .extracting(event -> event.get("type").asText())
                .isEqualTo("response.incomplete");
    }

    @Test
    void followsOnAResponse() throws Exception {
        Response first = client.responses().create(ask("Describe this image.").build());
        ResponseCreateParams.Builder next = ResponseCreateParams.builder()
                .model("shapes-vl")
                .input("Again.")
                .maxOutputTokens(4);

        Response second =
                client.responses().create(next.previousResponseId(first.id()).build());
        Response alone = client.responses()
                .create(ResponseCreateParams.builder()
                        .model("shapes-vl")
                        .input("Again.")
                        .maxOutputTokens(4)
                        .build());

        assertThat(second.previousResponseId()).contains(first.id());
        assertThat(second.usage().orElseThrow().inputTokens())
                .isGreaterThan(alone.usage().orElseThrow().inputTokens()
                        + first.usage().orElseThrow().inputTokens() / 2);
    }

    @Test
    void givesAResponseAgainAndForgetsIt() throws Exception {
        Response made = client.responses().create(ask("Describe this image.").build());

        assertThat(client.responses().retrieve(made.id())).isEqualTo(made);
        client.responses().delete(made.id());
        assertThatThrownBy(() -> client.responses().retrieve(made.id())).isInstanceOf(NotFoundException.class);
    }

    @Test
    void givesAResponseToNoOtherKey() throws Exception {
        Response made = client.responses().create(ask("Describe this image.").build());
        OpenAIClient other = service.openAi("second");
        try {
            assertThatThrownBy(() -> other.responses().retrieve(made.id())).isInstanceOf(NotFoundException.class);
            assertThatThrownBy(() -> other.responses().delete(made.id())).isInstanceOf(NotFoundException.class);
            ResponseCreateParams next =
                    ask("Again.").previousResponseId(made.id()).build();
            assertThatThrownBy(() -> other.responses().create(next))
                    .isInstanceOf(BadRequestException.class)
                    .hasMessageContaining("previous_response_id");
        } finally {
            other.close();
        }
        assertThat(client.responses().retrieve(made.id()).id()).isEqualTo(made.id());
    }

    @Test
    void keepsNothingThatIsNotToBeStored() throws Exception {
        Response made = client.responses()
                .create(ask("Describe this image.").store(false).build());

        assertThatThrownBy(() -> client.responses().retrieve(made.id())).isInstanceOf(NotFoundException.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "input | 5 | input",
                "input | [] | input",
                "input | [{\"type\":\"computer_call\"}] | input[0].type",
                "input | [{\"role\":\"user\",\"content\":[{\"type\":\"input_image\",\"image_url\":\"data:,x\"}]}] | input[0].content[0]",
                "input | [{\"role\":\"nobody\",\"content\":\"x\"}] | input[0].role",
                "tools | [{\"type\":\"web_search\"}] | tools[0].type",
                "tool_choice | {\"type\":\"file_search\"} | tool_choice",
                "text | {\"format\":{\"type\":\"xml\"}} | text.format.type",
                "max_output_tokens | 0 | max_output_tokens",
                "background | true | background",
                "conversation | \"conv_1\" | conversation",
                "truncation | \"auto\" | truncation",
                "messages | [] | messages",
                "max_tokens | 5 | max_tokens",
                "top_logprobs | 2 | top_logprobs",
                "previous_response_id | \"resp_1\" | previous_response_id",
            })
    void namesWhatItCannotServe(String field, String value, String param) throws Exception {
        RunningService.Reply reply =
                send(body().<ObjectNode>set(field, JSON.readTree(value)).toString());

        assertThat(reply.status()).as(reply.text()).isEqualTo(400);
        assertThat(reply.error().get("param").asText()).isEqualTo(param);
    }

    @Test
    void answersOrRefusesWhateverComes() throws Exception {
        byte[] body = body().put("max_output_tokens", 1).toString().getBytes(java.nio.charset.StandardCharsets.UTF_8);
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(7);
        for (int i = 0; i < 150; i++) {
            byte[] mutated = Mutations.of(body, random);
            RunningService.Reply reply = service.send(service.request("/v1/responses")
                    .header("Content-Type", "application/json")
                    .header("Authorization", "Bearer first")
                    .POST(HttpRequest.BodyPublishers.ofByteArray(mutated)));

            assertThat(reply.status()).as(new String(mutated)).isIn(200, 400, 404, 422);
        }
    }

    @Test
    void asksForAKey() throws Exception {
        assertThat(service.send(service.post("/v1/responses", "{}")).status()).isEqualTo(401);
        assertThat(service.get("/v1/responses/resp_1").status()).isEqualTo(401);
    }

    private static ObjectNode body() throws Exception {
        ObjectNode body = JSON.createObjectNode();
        body.put("model", "shapes-vl").put("temperature", 0).put("max_output_tokens", 64);
        var content = body.putArray("input").addObject().put("role", "user").putArray("content");
        content.addObject().put("type", "input_image").put("image_url", Conversations.dataUrl("one-shape.png"));
        content.addObject().put("type", "input_text").put("text", "Describe this image.");
        return body;
    }

    private static RunningService.Reply send(String body) throws Exception {
        return service.send(service.post("/v1/responses", body).header("Authorization", "Bearer first"));
    }

    private static List<JsonNode> events(ObjectNode body) throws Exception {
        RunningService.Reply reply = send(body.toString());
        assertThat(reply.header("Content-Type")).startsWith("text/event-stream");
        return reply.text()
                .lines()
                .filter(line -> line.startsWith("data: "))
                .map(line -> {
                    try {
                        return JSON.readTree(line.substring(6));
                    } catch (java.io.IOException e) {
                        throw new java.io.UncheckedIOException(e);
                    }
                })
                .toList();
    }
}
