package io.github.camelvlm.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.openai.client.OpenAIClient;
import com.openai.core.JsonValue;
import com.openai.errors.BadRequestException;
import com.openai.models.ResponseFormatJsonObject;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionContentPart;
import com.openai.models.chat.completions.ChatCompletionContentPartImage;
import com.openai.models.chat.completions.ChatCompletionContentPartText;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionNamedToolChoice;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** OpenAI's own client for Java asks for instances of classes, and for what only vLLM's clients ask. */
class StructuredAnswersTest {
    private static final String PICTURE = "two-shapes.png";

    private static RunningService service;
    private static OpenAIClient client;

    public static class Shape {
        public String color;
        public String shape;
    }

    /** Without the background, with which the model ends a list: the client sorts fields by name, and it would come first. */
    public static class Drawing {
        public List<Shape> objects;
    }

    /** The tool that is to be called. */
    public static class RecordShape {
        public String color;
        public int corners;
    }

    @BeforeAll
    static void start() {
        service = new RunningService(Map.of());
        client = service.openAi("none");
    }

    @AfterAll
    static void stop() {
        client.close();
        service.close();
    }

    private static ChatCompletionCreateParams.Builder ask(String question) throws Exception {
        return ChatCompletionCreateParams.builder()
                .model("shapes-vl")
                .temperature(0)
                .maxCompletionTokens(200)
                .addUserMessageOfArrayOfContentParts(List.of(
                        ChatCompletionContentPart.ofImageUrl(ChatCompletionContentPartImage.builder()
                                .imageUrl(ChatCompletionContentPartImage.ImageUrl.builder()
                                        .url(Conversations.dataUrl(PICTURE))
                                        .build())
                                .build()),
                        ChatCompletionContentPart.ofText(ChatCompletionContentPartText.builder()
                                .text(question)
                                .build())));
    }

    private static String answer(ChatCompletionCreateParams params) {
        ChatCompletion completion = client.chat().completions().create(params);
        return completion.choices().get(0).message().content().orElseThrow();
    }

    @Test
    void answersWithAnInstanceOfAClass() throws Exception {
        Drawing drawing = client.chat()
                .completions()
                .create(ask("List the objects as JSON.")
                        .responseFormat(Drawing.class)
                        .build())
                .choices()
                .get(0)
                .message()
                .content()
                .orElseThrow();

        assertThat(drawing.objects)
                .extracting(shape -> shape.color + " " + shape.shape)
                .startsWith("orange triangle", "yellow hexagon");
    }

    @Test
    void answersWithAnyObject() throws Exception {
        assertThat(answer(ask("List the objects as JSON.")
                        .responseFormat(ResponseFormatJsonObject.builder().build())
                        .build()))
                .startsWith("{")
                .endsWith("}");
    }

    @Test
    void callsAToolWithArgumentsOfItsClass() throws Exception {
        ChatCompletion completion = client.chat()
                .completions()
                .create(ask("What is on the picture?")
                        .addTool(RecordShape.class)
                        .toolChoice(ChatCompletionNamedToolChoice.builder()
                                .function(ChatCompletionNamedToolChoice.Function.builder()
                                        .name("RecordShape")
                                        .build())
                                .build())
                        .parallelToolCalls(false)
                        .build());

        // The small model was never taught to call one: the form is all it has.
        RecordShape call = completion
                .choices()
                .get(0)
                .message()
                .toolCalls()
                .orElseThrow()
                .get(0)
                .asFunction()
                .function()
                .arguments(RecordShape.class);
        assertThat(call.color).isNotNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "structured_outputs ; {\"choice\": [\"a sign\", \"shapes\"]} ; (a sign|shapes)",
                "guided_choice ; [\"a sign\", \"shapes\"] ; (a sign|shapes)",
                "structured_outputs ; {\"regex\": \"[0-9] shapes\"} ; [0-9] shapes",
                "guided_regex ; \"(red|green|yellow|orange)\" ; (red|green|yellow|orange)",
            })
    void answersAsVllmsClientsAskFor(String field, String form, String pattern) throws Exception {
        Object value = new ObjectMapper().readValue(form, Object.class);

        assertThat(answer(ask("Describe this image.")
                        .putAdditionalBodyProperty(field, JsonValue.from(value))
                        .build()))
                .matches(pattern);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "{\"type\": \"object\", \"properties\": {\"total\": {\"not\": {}}}} ; response_format.json_schema.schema.properties.total.not",
                "{\"type\": \"object\", \"patternProperties\": {}} ; response_format.json_schema.schema.patternProperties",
            })
    void namesWhatOfASchemaIsNotServed(String schema, String path) throws Exception {
        Object value = new ObjectMapper()
                .readValue(
                        "{\"type\": \"json_schema\", \"json_schema\": {\"name\": \"n\", \"schema\": " + schema + "}}",
                        Object.class);

        assertThatThrownBy(() -> answer(ask("Hi")
                        .putAdditionalBodyProperty("response_format", JsonValue.from(value))
                        .build()))
                .isInstanceOfSatisfying(BadRequestException.class, e -> {
                    assertThat(e.param()).contains(path);
                    assertThat(e.code()).contains("unsupported_value");
                });
    }
}
