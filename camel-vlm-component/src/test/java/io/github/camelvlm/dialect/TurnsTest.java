package io.github.camelvlm.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelvlm.openai.OpenAiError;
import io.github.camelvlm.openai.TextContent;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TurnsTest {
    private static final Map<String, String> NAMES = Map.of(
            "stop", "stop_sequences",
            "response_format", "format",
            "response_format.schema", "format.schema",
            "tools[].function", "tools[]",
            "tools[].function.parameters", "tools[].input_schema");

    @ParameterizedTest
    @CsvSource({
        "messages[1].content[0].image_url.url, input[3].image",
        "messages[1].content[0], input[3].image",
        "messages[1].content[7], input[3]",
        "messages[1].role, input[3].role",
        "messages[9], messages[9]",
        "stop, stop_sequences",
        "stop[1], stop_sequences[1]",
        "stopped, stopped",
        "response_format.schema.properties, format.schema.properties",
        "tools[2].function.name, tools[2].name",
        "tools[2].function.parameters.type, tools[2].input_schema.type"
    })
    void callsFieldsAsTheClientDid(String field, String told) {
        Turns turns = new Turns();
        turns.add("system", "system", List.of());
        turns.add("user", "input[3]", List.of(new Turns.Placed(new TextContent("a"), "input[3].image")));

        OpenAiError.Detail error = turns.retold(
                        new OpenAiError(400, new OpenAiError.Detail(field + ": is wrong", "t", field, null)), NAMES)
                .error();

        assertThat(error.param()).isEqualTo(told);
        assertThat(error.message()).isEqualTo(told + ": is wrong");
    }
}
