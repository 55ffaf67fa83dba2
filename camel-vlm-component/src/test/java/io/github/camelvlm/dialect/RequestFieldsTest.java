package io.github.camelvlm.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelvlm.openai.ChatCompletionRequest;
import io.github.camelvlm.openai.RequestToolChoice;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Fields of each protocol's own reach the model. */
class RequestFieldsTest {
    private static final String ASK = "'max_tokens':1,'messages':[{'role':'user','content':'a'}],";

    private static ChatCompletionRequest asked(DialectRequests dialect, String body) {
        return dialect.read(body.replace('\'', '"')).request();
    }

    @Test
    void textsThatEndAMessageDoAndAreLookedFor() {
        ChatCompletionRequest ended = asked(DialectRequests.MESSAGES, "{" + ASK + "'stop_sequences':['x','y']}");
        ChatCompletionRequest open = asked(DialectRequests.MESSAGES, "{" + ASK + "'stop_sequences':[]}");

        assertThat(ended.stop()).containsExactly("x", "y");
        assertThat(ended.includeStopStrInOutput()).isTrue();
        assertThat(open.includeStopStrInOutput()).isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "MESSAGES | {'max_tokens':1,'messages':[{'role':'user','content':'a'}],'tools':[{'name':'f',"
                        + "'input_schema':{}}],'tool_choice':{'type':'tool','name':'f'}}",
                "RESPONSES | {'input':'a','tools':[{'type':'function','name':'f'}],"
                        + "'tool_choice':{'type':'function','name':'f'}}"
            })
    void aToolThatIsDemandedIsDemandedByItsName(DialectRequests dialect, String body) {
        assertThat(asked(dialect, body).toolChoice()).isEqualTo(new RequestToolChoice(null, "f"));
    }

    @Test
    void allThatAMessageTellsOfAToolIsTold() {
        ChatCompletionRequest asked = asked(
                DialectRequests.MESSAGES,
                "{" + ASK
                        + "'tools':[{'name':'f','description':'finds','strict':true,'input_schema':{'type':'object'}}]}");

        assertThat(asked.tools())
                .singleElement()
                .satisfies(tool -> assertThat(tool.json().toString())
                        .isEqualTo("{\"type\":\"function\",\"function\":{\"name\":\"f\",\"description\":\"finds\","
                                + "\"parameters\":{\"type\":\"object\"},\"strict\":true}}"));
    }

    @Test
    void asManyLogprobsOfAResponseAreToldAsItIncludes() {
        ChatCompletionRequest asked = asked(
                DialectRequests.RESPONSES, "{'input':'a','top_logprobs':2,'include':['message.output_text.logprobs']}");

        assertThat(List.of(asked.logprobs(), asked.topLogprobs())).containsExactly(true, 2);
    }
}
