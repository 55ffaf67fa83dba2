package io.github.camelvlm.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.camelvlm.chat.AnswerFormat;
import io.github.camelvlm.chat.ChatRequest;
import io.github.camelvlm.chat.InvalidRequestException;
import io.github.camelvlm.chat.Message;
import io.github.camelvlm.chat.Role;
import io.github.camelvlm.chat.SamplingOptions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class AnswerFormTest {
    private static final String ANY_OBJECT = "{\"type\":\"object\"}";

    /** The form that a request with these fields asks for, single quotes for double ones. */
    private static AnswerFormat format(String fields) {
        return ChatRequestMapper.toChatRequest(
                        ChatCompletionReader.read("{'messages': [{'role': 'user', 'content': 'Hi'}], %s}"
                                .formatted(fields)
                                .replace('\'', '"')),
                        url -> null)
                .sampling()
                .format();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "'response_format': {'type': 'json_schema', 'json_schema': {'name': 'n', 'strict': true, 'schema': {'type': 'array'}}} | response_format.json_schema.schema",
                "'response_format': {'type': 'json_schema', 'json_schema': {'strict': false, 'schema': {'type': 'array'}}}             | response_format.json_schema.schema",
                "'structured_outputs': {'json': {'type': 'array'}, 'disable_any_whitespace': true}                                     | structured_outputs.json",
                "'guided_json': {'type': 'array'}, 'guided_decoding_backend': 'xgrammar'                                               | guided_json",
            })
    void readsASchemaWhereverClientsWriteIt(String fields, String path) {
        assertThat(format(fields)).isEqualTo(new AnswerFormat.Json(path, "{\"type\":\"array\"}"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "'response_format': {'type': 'json_object'}    | response_format",
                "'structured_outputs': {'json_object': true}   | structured_outputs.json_object",
                "'guided_json_object': true                    | guided_json_object",
            })
    void readsThatAnyObjectWillDo(String fields, String path) {
        assertThat(format(fields)).isEqualTo(new AnswerFormat.Json(path, ANY_OBJECT));
    }

    @Test
    void readsASchemaThatIsWrittenAsText() {
        String request = "{\"messages\": [], \"guided_json\": \"{\\\"type\\\": \\\"array\\\"}\"}";

        assertThat(FormatMapper.format(ChatCompletionReader.read(request)))
                .isEqualTo(new AnswerFormat.Json("guided_json", "{\"type\":\"array\"}"));
    }

    @Test
    void keepsTheOrderOfASchemasPropertiesAndItsNumbersAsTheyWere() {
        assertThat(format("'guided_json': {'properties': {'z': {'maximum': 1e2}, 'a': {}}}"))
                .isEqualTo(
                        new AnswerFormat.Json("guided_json", "{\"properties\":{\"z\":{\"maximum\":100.0},\"a\":{}}}"));
    }

    @Test
    void readsRegularExpressionsAndChoices() {
        assertThat(format("'structured_outputs': {'regex': 'a+'}"))
                .isEqualTo(new AnswerFormat.Regex("structured_outputs.regex", "a+"));
        assertThat(format("'guided_regex': 'a+'")).isEqualTo(new AnswerFormat.Regex("guided_regex", "a+"));
        assertThat(format("'structured_outputs': {'choice': ['yes', 'no']}"))
                .isEqualTo(new AnswerFormat.Choice("structured_outputs.choice", List.of("yes", "no")));
        assertThat(format("'guided_choice': ['yes', 'no']"))
                .isEqualTo(new AnswerFormat.Choice("guided_choice", List.of("yes", "no")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'x': 1",
                "'response_format': {'type': 'text'}",
                "'structured_outputs': {}",
                "'structured_outputs': {'json': null, 'json_object': false}",
                "'guided_json_object': false"
            })
    void leavesTheAnswerFreeWhereNothingIsAskedFor(String fields) {
        assertThat(format(fields)).isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "'response_format': {'type': 'json_schema'}                                       | response_format.json_schema is missing: it must be an object",
                "'response_format': {'type': 'json_schema', 'json_schema': {'name': 'n'}}         | response_format.json_schema.schema is missing: it must be an object",
                "'response_format': {'type': 'json_schema', 'json_schema': {'schema': true}}      | response_format.json_schema.schema must be an object, but is true",
                "'response_format': {'type': 'json_schema', 'json_schema': {'schema': {}, 'strict': 1}} | response_format.json_schema.strict must be true or false, but is the number 1",
                "'response_format': {'type': 'yaml'}     | response_format must be of type text, json_object or json_schema, but is ~yaml~",
                "'response_format': 'json'               | response_format must be an object, but is a string",
                "'guided_json': '[1]'                    | guided_json must be an object, but is a list",
                "'guided_json': {'properties': {'a': {'enum': [1, -1e999]}}} | guided_json.properties.a.enum[1] must be a number below 1.8e308, and above its negative",
                "'guided_json': '{}{}'                   | guided_json is not valid JSON at line 1, column 3: more follows where it must have ended",
                "'guided_json': [1]                      | guided_json must be an object, but is a list",
                "'guided_choice': ['a', 1]               | guided_choice[1] must be a string, but is the number 1",
                "'guided_choice': ['']                   | guided_choice must not hold an empty text",
                "'structured_outputs': {'choice': []}    | structured_outputs.choice must hold at least one text to choose",
                "'structured_outputs': {'regex': 5}      | structured_outputs.regex must be a string, but is the number 5",
            })
    void refusesAFormThatIsNone(String fields, String message) {
        assertThatThrownBy(() -> format(fields))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage(message.replace('~', '"'));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "'response_format': {'type': 'json_object'}, 'guided_regex': 'a' | guided_regex | response_format",
                "'structured_outputs': {'regex': 'a', 'choice': ['a']}           | structured_outputs.choice | structured_outputs.regex",
                "'guided_choice': ['a'], 'guided_json': {'type': 'array'}        | guided_choice | guided_json",
                "'structured_outputs': {'regex': 'a'}, 'guided_regex': 'b'       | guided_regex | structured_outputs.regex",
            })
    void refusesTwoFormsAndNamesBoth(String fields, String second, String first) {
        assertThatThrownBy(() -> format(fields))
                .isInstanceOfSatisfying(InvalidRequestException.class, e -> {
                    assertThat(e.field()).isEqualTo(second);
                    assertThat(e.code()).isEqualTo("unsupported_value");
                })
                .hasMessage(second + " is set beside " + first + ", but an answer has one form: leave one of them out");
    }

    @Test
    void takesOneFormInTheWordsOfSeveralVersions() {
        assertThat(format("'structured_outputs': {'regex': 'a'}, 'guided_regex': 'a'"))
                .isEqualTo(new AnswerFormat.Regex("structured_outputs.regex", "a"));
    }

    private static ChatCompletionRequest written(AnswerFormat format) {
        return ChatRequestWriter.write(
                        new ChatRequest(
                                List.of(Message.of(Role.USER, "Hi")),
                                SamplingOptions.builder().format(format).build(),
                                null),
                        "m",
                        picture -> "")
                .build();
    }

    static Stream<AnswerFormat> formats() {
        return Stream.of(
                new AnswerFormat.Json("response_format.json_schema.schema", "{\"type\":\"array\"}"),
                new AnswerFormat.Json("response_format", ANY_OBJECT),
                new AnswerFormat.Regex("structured_outputs.regex", "a+"),
                new AnswerFormat.Choice("structured_outputs.choice", List.of("yes", "no")));
    }

    @ParameterizedTest
    @MethodSource("formats")
    void writesToOtherServersWhatIsReadBackAsTheSame(AnswerFormat format) {
        ChatCompletionRequest again = ChatCompletionReader.read(written(format).toJson());

        assertThat(FormatMapper.format(again)).isEqualTo(format);
    }

    @Test
    void asksOpenAisServersToHoldASchema() {
        assertThat(written(new AnswerFormat.Json("jsonSchema", "{\"type\": \"array\"}"))
                        .toJson())
                .endsWith("\"response_format\":{\"type\":\"json_schema\",\"json_schema\":"
                        + "{\"name\":\"answer\",\"schema\":{\"type\":\"array\"},\"strict\":true}}}");
    }

    @Test
    void asksNewerAndOlderVllmForChoices() {
        assertThat(written(new AnswerFormat.Choice("choices", List.of("a", "b")))
                        .toJson())
                .endsWith("\"structured_outputs\":{\"choice\":[\"a\",\"b\"]},\"guided_choice\":[\"a\",\"b\"]}");
    }

    @Test
    void saysWhichSchemaCannotBeSent() {
        assertThatThrownBy(() -> written(new AnswerFormat.Json("jsonSchema", "{")))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("jsonSchema is not JSON that can be sent to a server");
    }

    @Test
    void keepsWhetherAToolIsStrict() {
        String tool =
                "{\"type\":\"function\",\"function\":{\"name\":\"f\",\"strict\":true,\"parameters\":{\"type\":\"object\"}}}";
        ChatRequest request = ChatRequestMapper.toChatRequest(
                ChatCompletionReader.read(
                        "{\"messages\": [{\"role\": \"user\", \"content\": \"Hi\"}], \"tools\": [" + tool + "]}"),
                url -> null);

        assertThat(ChatRequestWriter.write(request, "m", picture -> "").build().toJson())
                .contains(tool);
    }
}
