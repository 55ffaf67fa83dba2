package io.github.camelvlm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.camelvlm.chat.InvalidRequestException;
import io.github.camelvlm.chat.UnusableAnswerException;
import io.github.camelvlm.goldens.GoldenCase;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.Message;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExtractTest extends VlmTestSupport {
    private static final String EXTRACT = "vlm:extract?" + MODEL + "&temperature=0&maxTokens=200";
    private static final String DESCRIBE = "vlm:describe?" + MODEL + "&temperature=0&maxTokens=200";
    private static final String SCHEMA_OF_A_SHAPE = "&jsonSchema=resource:classpath:schemas/shape.json";

    public enum Color {
        yellow,
        red,
        green,
        blue
    }

    public record Shape(Color color, String shape) {}

    private Message ask(String uri, String picture, Map<String, Object> headers) throws Exception {
        return send(uri, exchange -> {
                    exchange.getMessage().setBody(GoldenCase.picture(picture).bytes());
                    exchange.getMessage().setHeaders(new HashMap<>(headers));
                })
                .getMessage();
    }

    @Test
    void makesAMapOfAPicture() throws Exception {
        Message answer = ask(EXTRACT + SCHEMA_OF_A_SHAPE, ONE_SHAPE, Map.of());

        assertThat(answer.getBody()).asInstanceOf(InstanceOfAssertFactories.MAP).containsOnlyKeys("color", "shape");
        assertThat(answer.getHeader(VlmConstants.FINISH_REASON)).isEqualTo("stop");
        assertThat(answer.getHeader(VlmConstants.RESPONSE_MODEL)).isEqualTo("shapes-vl");
        assertThat(answer.getHeader(VlmConstants.IMAGE_WIDTH)).isEqualTo(112);
        assertThat(answer.getHeader(VlmConstants.LOGPROB, Double.class)).isNegative();
        assertThat(answer.getHeader(VlmConstants.FIELD_CONFIDENCE))
                .asInstanceOf(InstanceOfAssertFactories.map(String.class, Double.class))
                .containsOnlyKeys("/color", "/shape")
                .allSatisfy((field, confidence) -> assertThat(confidence).isBetween(0.0, 1.0));
    }

    @Test
    void makesAnInstanceOfAClass() throws Exception {
        Message answer = ask(EXTRACT + "&outputClass=" + Shape.class.getName(), ONE_SHAPE, Map.of());

        assertThat(answer.getBody()).isInstanceOf(Shape.class);
        assertThat(answer.getBody(Shape.class).color()).isNotNull();
    }

    public record Numbers(int[] counts, Short small) {}

    @Test
    void makesNumbersThatFitTheFieldsOfAClass() throws Exception {
        Message answer = ask(EXTRACT + "&outputClass=" + Numbers.class.getName(), ONE_SHAPE, Map.of());

        assertThat(answer.getBody()).isInstanceOf(Numbers.class);
    }

    @Test
    void takesTheFormFromAHeaderBeforeTheOption() throws Exception {
        Map<String, Object> schema = Map.of("type", "array", "items", Map.of("enum", List.of("a", "b")), "maxItems", 2);

        Message answer = ask(EXTRACT + SCHEMA_OF_A_SHAPE, ONE_SHAPE, Map.of(VlmConstants.JSON_SCHEMA, schema));

        assertThat(answer.getBody()).isInstanceOf(List.class);
    }

    @Test
    void tellsTheModelTheSchema() throws Exception {
        int with = ask(EXTRACT + SCHEMA_OF_A_SHAPE, ONE_SHAPE, Map.of())
                .getHeader(VlmConstants.PROMPT_TOKENS, Integer.class);
        int without = ask(DESCRIBE + SCHEMA_OF_A_SHAPE, ONE_SHAPE, Map.of())
                .getHeader(VlmConstants.PROMPT_TOKENS, Integer.class);

        assertThat(with).isGreaterThan(without + 50);
    }

    @Test
    void holdsCaptionsToAFormAsText() throws Exception {
        String schema = """
                {"type": "object", "properties": {
                   "objects": {"type": "array", "items": {"type": "object",
                      "properties": {"color": {"type": "string"}, "shape": {"type": "string"}},
                      "required": ["color", "shape"], "additionalProperties": false}},
                   "background": {"enum": ["white", "green"]}},
                 "required": ["objects", "background"], "additionalProperties": false}
                """;
        Map<String, Object> headers =
                Map.of(VlmConstants.JSON_SCHEMA, schema, VlmConstants.PROMPT, "List the objects as JSON.");

        Message answer = ask(DESCRIBE, "two-shapes.png", headers);

        assertThat(answer.getBody(String.class).replaceAll("\\s", ""))
                .isEqualTo("{\"objects\":[{\"color\":\"orange\",\"shape\":\"triangle\"},"
                        + "{\"color\":\"yellow\",\"shape\":\"hexagon\"}],\"background\":\"green\"}");
        assertThat(ask(DESCRIBE + "&choices=a circle,a diamond", ONE_SHAPE, Map.of())
                        .getBody())
                .isIn("a circle", "a diamond");
        assertThat(ask(DESCRIBE + "&regex=RAW([a-z]{3,8} [a-z]{3,8})", ONE_SHAPE, Map.of())
                        .getBody(String.class))
                .matches("[a-z]{3,8} [a-z]{3,8}");
    }

    @Test
    void makesNothingOfAnAnswerThatIsCut() {
        assertThatThrownBy(() -> ask(
                        "vlm:extract?" + MODEL + "&temperature=0&maxTokens=2" + SCHEMA_OF_A_SHAPE, ONE_SHAPE, Map.of()))
                .isInstanceOf(UnusableAnswerException.class)
                .hasMessageStartingWith("The answer was cut before its JSON was whole, by maxTokens, which is 2, or");
    }

    @Test
    void letsAChatRequestSayItsOwnForm() throws Exception {
        String request = "{\"messages\": [{\"role\": \"user\", \"content\": \"Hi\"}], \"guided_choice\": [\"x\"]}";

        Message answer = send(
                        "vlm:chat?" + MODEL + "&choices=a,b",
                        exchange -> exchange.getMessage().setBody(request))
                .getMessage();

        assertThat(answer.getBody(String.class)).contains("\"content\":\"x\"");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "&choices=a,b&regex=a         | regex is set beside choices, but an answer has one form: leave one of them out",
                "&choices=a,b                 | choices is no form of data: extract needs a JSON Schema, or an outputClass",
                "&streaming=true              | streaming is true, but data is extracted whole: set it to false",
                "&outputClass=com.example.No  | outputClass names the class com.example.No, which is not on the class path",
                "&jsonSchema=classpath:no.json | jsonSchema is neither a JSON Schema nor the place of one: classpath:no.json cannot be read. Write resource:classpath:… or resource:file:…, or the schema itself",
            })
    void refusesOptionsThatAskForNoData(String options, String message) {
        assertThatThrownBy(() -> context()
                        .getEndpoint(EXTRACT + options)
                        .createProducer()
                        .start())
                .hasMessage(message);
    }

    @Test
    void asksForAForm() {
        assertThatThrownBy(() -> ask(EXTRACT, ONE_SHAPE, Map.of()))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("CamelVlmJsonSchema is missing: put a JSON Schema into it, or set the option jsonSchema or"
                        + " outputClass");
        assertThatThrownBy(() -> ask(EXTRACT + SCHEMA_OF_A_SHAPE, ONE_SHAPE, Map.of(VlmConstants.STREAMING, true)))
                .hasMessage("CamelVlmStreaming is true, but data is extracted whole: set it to false");
    }

    @Test
    void startsNoRouteWhoseAnswersCannotBeHeldToItsForm() {
        assertThatThrownBy(() -> context()
                        .getEndpoint(DESCRIBE + "&jsonSchema=RAW({\"properties\": {\"total\": {\"not\": {}}}})")
                        .createProducer()
                        .start())
                .hasMessageStartingWith("jsonSchema.properties.total.not is not supported");
        assertThatThrownBy(() -> context()
                        .getEndpoint(DESCRIBE + "&regex=RAW((?=a)b)")
                        .createProducer()
                        .start())
                .hasMessageStartingWith("regex ");
    }
}
