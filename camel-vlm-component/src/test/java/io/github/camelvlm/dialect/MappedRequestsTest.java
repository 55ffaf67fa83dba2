package io.github.camelvlm.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.camelvlm.chat.Completion;
import io.github.camelvlm.chat.FinishReason;
import io.github.camelvlm.chat.Timings;
import io.github.camelvlm.chat.ToolCall;
import io.github.camelvlm.chat.Usage;
import io.github.camelvlm.openai.ChatCompletion;
import io.github.camelvlm.openai.ChatCompletionRequest;
import io.github.camelvlm.openai.RequestMessage;
import io.github.camelvlm.openai.ResponseMetadata;
import io.github.camelvlm.openai.TextContent;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the model is asked where a protocol says it otherwise than chat completions do, and what is told of its answer. */
class MappedRequestsTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static ChatCompletionRequest asked(DialectRequests dialect, String body) {
        return dialect.read(body.replace('\'', '"')).request();
    }

    private static ChatCompletionRequest withOptions(String options) {
        return asked(DialectRequests.CHAT, "{'messages':[{'role':'user','content':'a'}],'options':{" + options + "}}");
    }

    private static ChatCompletion completion(FinishReason reason, List<ToolCall> calls) {
        return ChatCompletion.of(
                List.of(new Completion(
                        "m",
                        calls.isEmpty() ? "Well" : "",
                        calls,
                        List.of(),
                        List.of(),
                        reason,
                        new Usage(9, 2, 4),
                        new Timings(null, List.of(), Duration.ofMillis(1)),
                        List.of())),
                new ResponseMetadata("chatcmpl-1", Instant.EPOCH, "m", "fp_1"));
    }

    private static JsonNode answer(DialectRequests dialect, FinishReason reason) throws Exception {
        return JSON.readTree(dialect.read(dialect.body())
                .answer(completion(reason, List.of()))
                .toJson());
    }

    @Test
    void boundAnAnswerOfOllamasOnlyWhereItSaysHowLongItMayBe() {
        assertThat(withOptions("'num_predict':7").maxTokens()).isEqualTo(7);
        assertThat(withOptions("'num_predict':-1").maxTokens()).isNull();
        assertThat(withOptions("'num_predict':-2").maxTokens()).isNull();
    }

    @Test
    void drawByChanceWhereOllamasSeedIsNegative() {
        assertThat(withOptions("'seed':7").seed()).isEqualTo(7);
        assertThat(withOptions("'seed':-1").seed()).isNull();
    }

    @ParameterizedTest
    @CsvSource({"true, false", "false, ", "null, "})
    void allowOneCallAloneWhereSeveralAreTurnedOff(String disabled, Boolean parallel) {
        ChatCompletionRequest asked = asked(
                DialectRequests.MESSAGES,
                "{'max_tokens':1,'messages':[{'role':'user','content':'a'}],'tools':[{'name':'f','input_schema':{}}],"
                        + "'tool_choice':{'type':'auto','disable_parallel_tool_use':" + disabled + "}}");

        assertThat(asked.parallelToolCalls()).isEqualTo(parallel);
    }

    @ParameterizedTest
    @CsvSource({"true, 'Error: ,late'", "false, late", "null, late"})
    void tellTheModelThatAToolHasFailed(String isError, String told) {
        RequestMessage result = asked(
                        DialectRequests.MESSAGES,
                        "{'max_tokens':1,'messages':[{'role':'user','content':[{'type':'tool_result','tool_use_id':'c',"
                                + "'is_error':" + isError + ",'content':'late'}]}]}")
                .messages()
                .get(0);

        assertThat(result.role()).isEqualTo("tool");
        assertThat(result.toolCallId()).isEqualTo("c");
        assertThat(result.parts())
                .extracting(part -> ((TextContent) part).text())
                .containsExactly(told.split(","));
    }

    @ParameterizedTest
    @CsvSource({"STOP, end_turn, completed, stop", "LENGTH, max_tokens, incomplete, length"})
    void tellWhyAnAnswerEnded(FinishReason reason, String ofMessages, String ofResponses, String ofOllama)
            throws Exception {
        assertThat(answer(DialectRequests.MESSAGES, reason).get("stop_reason").asText())
                .isEqualTo(ofMessages);
        assertThat(answer(DialectRequests.RESPONSES, reason).get("status").asText())
                .isEqualTo(ofResponses);
        assertThat(answer(DialectRequests.RESPONSES, reason)
                        .at("/output/0/status")
                        .asText())
                .isEqualTo(ofResponses);
        assertThat(answer(DialectRequests.CHAT, reason).get("done_reason").asText())
                .isEqualTo(ofOllama);
    }

    @Test
    void goOnFromAResponseWithTheCallsThatItMade() throws Exception {
        DialectRequests responses = DialectRequests.RESPONSES;
        List<ToolCall> calls = List.of(new ToolCall("call_1", "f", "{\"a\": 1}"), new ToolCall("call_2", "f", "{}"));
        Dialogue first = responses.read("{\"instructions\": \"Be brief.\", \"input\": \"What?\"}");
        JsonNode told = JSON.readTree(
                first.answer(completion(FinishReason.TOOL_CALLS, calls)).toJson());

        ChatCompletionRequest next = asked(
                responses,
                "{'previous_response_id':" + told.get("id")
                        + ",'input':[{'type':'function_call_output','call_id':'call_1','output':'1'}]}");

        assertThat(next.messages()).extracting(RequestMessage::role).containsExactly("user", "assistant", "tool");
        assertThat(next.messages().get(1).toolCalls())
                .extracting(call -> call.id() + call.function().arguments())
                .containsExactly("call_1{\"a\": 1}", "call_2{}");
    }
}
