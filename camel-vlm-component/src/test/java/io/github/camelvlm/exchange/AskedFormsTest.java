package io.github.camelvlm.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.camelvlm.VlmConfiguration;
import io.github.camelvlm.chat.AnswerFormat;
import io.github.camelvlm.chat.InvalidRequestException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.CamelContext;
import org.apache.camel.Message;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultMessage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AskedFormsTest {
    private static final String SCHEMA = "{\"type\":\"object\"}";
    private static final String SHAPE_SCHEMA =
            "{\"type\":\"object\",\"properties\":{\"color\":{\"type\":\"string\"},\"shape\":{\"type\":\"string\"}},"
                    + "\"required\":[\"color\",\"shape\"],\"additionalProperties\":false}";

    private final CamelContext context = new DefaultCamelContext();
    private final VlmConfiguration options = new VlmConfiguration();

    enum Currency {
        EUR,
        USD
    }

    record Item(String name, int count) {}

    record Receipt(
            @JsonPropertyDescription("What is paid in all") double total,
            @JsonProperty("paid_in") Currency currency,
            LocalDate date,
            List<Item> items,
            @JsonIgnore String note) {}

    private Message message(String header, Object value) {
        Message message = new DefaultMessage(context);
        message.setHeader(header, value);
        return message;
    }

    private AnswerForm form(Message message) {
        return new AskedForms(options, context).of(message);
    }

    private AnswerFormat format() {
        return form(null).format();
    }

    @Test
    void leavesAnswersFreeByDefault() {
        assertThat(form(null)).isNull();
        assertThat(form(new DefaultMessage(context))).isNull();
    }

    @Test
    void takesASchemaThatStandsInTheOption() {
        options.setJsonSchema("\n{\"type\": \"object\"}\n");

        assertThat(form(null)).isEqualTo(new AnswerForm(new AnswerFormat.Json("jsonSchema", SCHEMA), null));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "resource:classpath:schemas/shape.json",
                "classpath:schemas/shape.json",
                "resource:file:src/test/resources/schemas/shape.json"
            })
    void takesASchemaFromWhereTheOptionSays(String place) {
        options.setJsonSchema(place);

        assertThat(format()).isEqualTo(new AnswerFormat.Json("jsonSchema", SHAPE_SCHEMA));
    }

    @Test
    void readsAFileInUtf8WhateverThisMachineWritesIn(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("s.json"), "{\"enum\": [\"größer\"]}");
        options.setJsonSchema("resource:" + file.toUri());

        assertThat(format()).isEqualTo(new AnswerFormat.Json("jsonSchema", "{\"enum\":[\"größer\"]}"));
    }

    @Test
    void makesTheSchemaOfAClass() throws Exception {
        options.setOutputClass(Receipt.class.getName());

        AnswerForm form = form(null);

        assertThat(form.type()).isEqualTo(Receipt.class);
        assertThat(form.format().field()).isEqualTo("outputClass");
        assertThat(((AnswerFormat.Json) form.format()).schema())
                .isEqualTo(new ObjectMapper().readTree("""
                {"type": "object",
                 "properties": {
                   "total": {"type": "number", "description": "What is paid in all"},
                   "paid_in": {"type": "string", "enum": ["EUR", "USD"]},
                   "date": {"type": "string", "format": "date"},
                   "items": {"type": "array", "items": {
                     "type": "object",
                     "properties": {"name": {"type": "string"}, "count": {
                       "type": "integer", "minimum": -2147483648, "maximum": 2147483647}},
                     "required": ["name", "count"],
                     "additionalProperties": false}}},
                 "required": ["total", "paid_in", "date", "items"],
                 "additionalProperties": false}
                """).toString());
    }

    enum Kind {
        RING,
        @JsonProperty("full circle")
        CIRCLE
    }

    enum Level {
        LOW,
        HIGH;

        @JsonValue
        int number() {
            return ordinal() + 1;
        }
    }

    record Odd(List<Kind> kinds, Level level, byte[] bytes, Short small, Optional<Integer> count, long many) {}

    @Test
    void asksForWhatJacksonReadsIntoTheClass() throws Exception {
        JsonNode properties = new ObjectMapper()
                .readTree(((AnswerFormat.Json) form(message(VlmHeaders.OUTPUT_CLASS, Odd.class))
                                .format())
                        .schema())
                .get("properties");

        assertThat(properties.at("/kinds/items/enum")).hasToString("[\"RING\",\"full circle\"]");
        assertThat(properties.at("/level")).hasToString("{\"type\":\"integer\",\"enum\":[1,2]}");
        assertThat(properties.at("/bytes/items"))
                .hasToString("{\"type\":\"integer\",\"minimum\":-128,\"maximum\":127}");
        assertThat(properties.at("/small/minimum").asInt()).isEqualTo(-32768);
        assertThat(properties.at("/many")).hasToString("{\"type\":\"integer\"}");
    }

    @Test
    void takesChoicesAndARegularExpression() {
        options.setChoices("yes, no,not sure");
        assertThat(format()).isEqualTo(new AnswerFormat.Choice("choices", List.of("yes", "no", "not sure")));

        options.setChoices(null);
        options.setRegex("[A-Z]{2}\\d+");
        assertThat(format()).isEqualTo(new AnswerFormat.Regex("regex", "[A-Z]{2}\\d+"));
    }

    @Test
    void passesOverOptionsThatAProgramSetsEmpty() {
        options.setJsonSchema("");
        options.setChoices(" ");
        options.setRegex("a");

        assertThat(format()).isEqualTo(new AnswerFormat.Regex("regex", "a"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"type\"            | jsonSchema is not valid JSON: ",
                "{} {}                | jsonSchema is not valid JSON: ",
                "true                 | jsonSchema is neither a JSON Schema nor the place of one: true cannot be read. Write resource:classpath:",
                "resource:file:no.json | jsonSchema is neither a JSON Schema nor the place of one: resource:file:no.json cannot be read",
            })
    void refusesASchemaThatIsNone(String schema, String message) {
        options.setJsonSchema(schema);

        assertThatThrownBy(() -> form(null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(message);
    }

    @Test
    void refusesAClassThatIsNotThere() {
        options.setOutputClass("com.example.Nothing");

        assertThatThrownBy(() -> form(null))
                .hasMessage("outputClass names the class com.example.Nothing, which is not on the class path");
    }

    @Test
    void refusesTwoFormsAndNamesBoth() {
        options.setChoices("a,b");
        options.setJsonSchema(SCHEMA);

        assertThatThrownBy(() -> form(null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("choices is set beside jsonSchema, but an answer has one form: leave one of them out");

        Message message = message(VlmHeaders.CHOICES, "a,b");
        message.setHeader(VlmHeaders.REGEX, "a");
        options.setChoices(null);
        assertThatThrownBy(() -> form(message))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageStartingWith("CamelVlmRegex is set beside CamelVlmChoices, but");
    }

    @Test
    void takesWhatHeadersSayBeforeWhatOptionsSay() throws Exception {
        options.setOutputClass(Item.class.getName());

        for (Object schema :
                List.of("{\"type\": \"object\"}", Map.of("type", "object"), new ObjectMapper().readTree(SCHEMA))) {
            assertThat(form(message(VlmHeaders.JSON_SCHEMA, schema)))
                    .isEqualTo(new AnswerForm(new AnswerFormat.Json("CamelVlmJsonSchema", SCHEMA), null));
        }
        assertThat(form(message(VlmHeaders.CHOICES, List.of("a, b", "c"))).format())
                .isEqualTo(new AnswerFormat.Choice("CamelVlmChoices", List.of("a, b", "c")));
        assertThat(form(message(VlmHeaders.REGEX, "a")).format())
                .isEqualTo(new AnswerFormat.Regex("CamelVlmRegex", "a"));
        assertThat(form(message(VlmHeaders.OUTPUT_CLASS, Receipt.class)).type()).isEqualTo(Receipt.class);
        assertThat(form(message("other", "a")).type()).isEqualTo(Item.class);
    }

    @Test
    void readsNoFilesThatAHeaderNames() {
        assertThatThrownBy(() -> form(message(VlmHeaders.JSON_SCHEMA, "resource:classpath:schemas/shape.json")))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageStartingWith("CamelVlmJsonSchema is not valid JSON: ");
    }

    @ParameterizedTest
    @ValueSource(strings = {VlmHeaders.JSON_SCHEMA, VlmHeaders.OUTPUT_CLASS, VlmHeaders.CHOICES, VlmHeaders.REGEX})
    void refusesAnEmptyHeader(String header) {
        options.setRegex("a");

        assertThatThrownBy(() -> form(message(header, " ")))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage(header + " is empty: write a form into it, or remove it");
    }

    @Test
    void keepsNumbersThatNoDoubleHolds() {
        assertThat(form(message(VlmHeaders.JSON_SCHEMA, "{\"enum\":[1e999,0.1234567890123456789]}"))
                        .format())
                .isEqualTo(new AnswerFormat.Json("CamelVlmJsonSchema", "{\"enum\":[1E+999,0.1234567890123456789]}"));
    }

    @Test
    void refusesAMapWithNumbersThatAreNone() {
        assertThatThrownBy(() -> form(message(VlmHeaders.JSON_SCHEMA, Map.of("const", Double.NaN))))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageStartingWith("CamelVlmJsonSchema is not valid JSON: Non-standard token 'NaN'");
    }

    @Test
    void refusesAMapThatHoldsItself() {
        Map<String, Object> endless = new HashMap<>();
        endless.put("not", endless);

        assertThatThrownBy(() -> form(message(VlmHeaders.JSON_SCHEMA, endless)))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageStartingWith("CamelVlmJsonSchema is not valid JSON: ");
    }
}
