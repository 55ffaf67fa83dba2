package io.github.camelvlm.routes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.openai.client.OpenAIClient;
import com.openai.core.JsonValue;
import com.openai.core.http.StreamResponse;
import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.models.FunctionDefinition;
import com.openai.models.FunctionParameters;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionContentPart;
import com.openai.models.chat.completions.ChatCompletionContentPartImage;
import com.openai.models.chat.completions.ChatCompletionContentPartText;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionFunctionTool;
import com.openai.models.chat.completions.ChatCompletionMessage;
import com.openai.models.chat.completions.ChatCompletionMessageFunctionToolCall;
import com.openai.models.chat.completions.ChatCompletionToolMessageParam;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A model that calls a tool of its own accord, and OpenAI's own client for Java that runs it. */
class ToolCallTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static RunningService service;
    private static OpenAIClient client;

    @BeforeAll
    static void start() {
        service = new RunningService(
                Map.of("vlm.model", Goldens.MODEL.resolveSibling("shapes-tools").toString()));
        client = service.openAi("none");
    }

    @AfterAll
    static void stop() {
        client.close();
        service.close();
    }

    private static ChatCompletionCreateParams.Builder ask(String question, String picture) throws Exception {
        return ChatCompletionCreateParams.builder()
                .model("shapes-tools")
                .temperature(0)
                .maxCompletionTokens(250)
                .addTool(ChatCompletionFunctionTool.builder()
                        .function(FunctionDefinition.builder()
                                .name("record_shape")
                                .description("Records a shape of the picture.")
                                .parameters(FunctionParameters.builder()
                                        .putAdditionalProperty("type", JsonValue.from("object"))
                                        .putAdditionalProperty(
                                                "properties",
                                                // In this order whatever the run.
                                                JsonValue.from(new TreeMap<>(Map.of(
                                                        "color", Map.of("type", "string"),
                                                        "shape", Map.of("type", "string")))))
                                        .putAdditionalProperty("required", JsonValue.from(List.of("color", "shape")))
                                        .build())
                                .build())
                        .build())
                .addUserMessageOfArrayOfContentParts(List.of(
                        ChatCompletionContentPart.ofImageUrl(ChatCompletionContentPartImage.builder()
                                .imageUrl(ChatCompletionContentPartImage.ImageUrl.builder()
                                        .url(Conversations.dataUrl(picture))
                                        .build())
                                .build()),
                        ChatCompletionContentPart.ofText(ChatCompletionContentPartText.builder()
                                .text(question)
                                .build())));
    }

    private static List<ChatCompletionMessageFunctionToolCall> calls(ChatCompletionMessage message) {
        return message.toolCalls().orElseThrow().stream()
                .map(call -> call.asFunction())
                .toList();
    }

    private static JsonNode shape(String color, String shape) {
        return JSON.createObjectNode().put("color", color).put("shape", shape);
    }

    private static void assertRecordsTheTwoShapes(ChatCompletion completion) throws Exception {
        ChatCompletion.Choice choice = completion.choices().get(0);
        assertThat(choice.finishReason()).isEqualTo(ChatCompletion.Choice.FinishReason.TOOL_CALLS);
        assertThat(choice.message().content().orElse("")).isEmpty();
        List<JsonNode> arguments = new ArrayList<>();
        for (ChatCompletionMessageFunctionToolCall call : calls(choice.message())) {
            assertThat(call.id()).startsWith("call_");
            assertThat(call.function().name()).isEqualTo("record_shape");
            arguments.add(JSON.readTree(call.function().arguments()));
        }
        // As goldens/captions.txt has it.
        assertThat(arguments).containsExactlyInAnyOrder(shape("orange", "triangle"), shape("yellow", "hexagon"));
        assertThat(calls(choice.message()))
                .extracting(ChatCompletionMessageFunctionToolCall::id)
                .doesNotHaveDuplicates();
    }

    @Test
    void callsTheToolForEachShapeOfThePicture() throws Exception {
        assertRecordsTheTwoShapes(client.chat()
                .completions()
                .create(ask("Record the shapes.", "two-shapes.png").build()));
    }

    @Test
    void callsTheToolInAStream() throws Exception {
        ChatCompletionAccumulator whole = ChatCompletionAccumulator.create();
        List<ChatCompletionChunk.Choice.Delta.ToolCall> pieces = new ArrayList<>();
        try (StreamResponse<ChatCompletionChunk> stream = client.chat()
                .completions()
                .createStreaming(ask("Record the shapes.", "two-shapes.png").build())) {
            stream.stream()
                    .peek(whole::accumulate)
                    .flatMap(chunk -> chunk.choices().stream())
                    .flatMap(choice -> choice.delta().toolCalls().stream().flatMap(List::stream))
                    .forEach(pieces::add);
        }

        assertRecordsTheTwoShapes(whole.chatCompletion());
        // Who and what is told before the arguments, as OpenAI does.
        assertThat(pieces.get(0).id()).isPresent();
        assertThat(pieces.get(0).function().orElseThrow().name()).contains("record_shape");
        assertThat(pieces.get(0).function().orElseThrow().arguments()).contains("");
        assertThat(pieces.get(1).id()).isEmpty();
        assertThat(pieces.get(1).function().orElseThrow().arguments().orElseThrow())
                .startsWith("{");
    }

    @Test
    void tellsInWordsWhatTheToolGaveBack() throws Exception {
        ChatCompletionCreateParams.Builder conversation = ask("Record the shapes.", "two-shapes.png");
        ChatCompletionMessage asked = client.chat()
                .completions()
                .create(conversation.build())
                .choices()
                .get(0)
                .message();
        conversation.addMessage(asked);
        int number = 3;
        for (ChatCompletionMessageFunctionToolCall call : calls(asked)) {
            conversation.addMessage(ChatCompletionToolMessageParam.builder()
                    .toolCallId(call.id())
                    .content("{\"number\": " + number + "}")
                    .build());
            number += 4;
        }

        ChatCompletion.Choice told = client.chat()
                .completions()
                .create(conversation.build())
                .choices()
                .get(0);

        assertThat(told.finishReason()).isEqualTo(ChatCompletion.Choice.FinishReason.STOP);
        assertThat(told.message().toolCalls()).isEmpty();
        assertThat(told.message().content()).contains("Recorded as numbers 3 and 7.");
    }

    @Test
    void callsOneToolIfThereMayBeNoMore() throws Exception {
        ChatCompletion.Choice choice = client.chat()
                .completions()
                .create(ask("Record the shapes.", "two-shapes.png")
                        .parallelToolCalls(false)
                        .build())
                .choices()
                .get(0);

        assertThat(calls(choice.message())).hasSize(1);
        assertThat(choice.finishReason()).isEqualTo(ChatCompletion.Choice.FinishReason.TOOL_CALLS);
    }

    @Test
    void callsNoToolThatNobodyNeeds() throws Exception {
        ChatCompletion.Choice choice = client.chat()
                .completions()
                .create(ask("Describe this image.", "one-shape.png").build())
                .choices()
                .get(0);

        assertThat(choice.message().toolCalls()).isEmpty();
        assertThat(choice.message().content()).contains(Goldens.caption("one-shape.png"));
    }
}
