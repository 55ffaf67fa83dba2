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
import io.github.camelvlm.openai.ImageContent;
import io.github.camelvlm.openai.RequestMessage;
import io.github.camelvlm.openai.ResponseMetadata;
import io.github.camelvlm.openai.TextContent;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

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
        return completion(calls.isEmpty() ? "Well" : "", reason, calls);
    }

    private static ChatCompletion completion(String text, FinishReason reason, List<ToolCall> calls) {
        return ChatCompletion.of(
                List.of(new Completion(
                        "m",
                        text,
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

        Dialogue second = responses.read("{\"previous_response_id\":" + told.get("id")
                + ",\"input\":[{\"type\":\"function_call_output\",\"call_id\":\"call_1\",\"output\":\"1\"}]}");
        ChatCompletionRequest next = second.request();

        assertThat(told.get("parallel_tool_calls").asBoolean()).isTrue();
        assertThat(told.get("previous_response_id").isNull()).isTrue();
        assertThat(next.messages()).extracting(RequestMessage::role).containsExactly("user", "assistant", "tool");
        assertThat(next.messages().get(1).toolCalls())
                .extracting(call -> call.id() + call.function().arguments())
                .containsExactly("call_1{\"a\": 1}", "call_2{}");
        assertThat(JSON.readTree(second.answer(completion(FinishReason.STOP, List.of()))
                                .toJson())
                        .get("previous_response_id"))
                .isEqualTo(told.get("id"));
    }

    @ParameterizedTest
    @CsvSource({"Well, 1, end_turn, null", "'Well, x', 1, stop_sequence, x", "x, 0, stop_sequence, x"})
    void tellTheTextThatEndedAMessageAndDoNotSayIt(String text, int blocks, String reason, String stop)
            throws Exception {
        JsonNode told = JSON.readTree(DialectRequests.MESSAGES
                .read(DialectRequests.MESSAGES.body())
                .answer(completion(text, FinishReason.STOP, List.of()))
                .toJson());

        assertThat(told.get("content")).hasSize(blocks);
        assertThat(told.at("/content/0/text").asText()).isEqualTo(text.replace("x", ""));
        assertThat(told.get("stop_reason").asText()).isEqualTo(reason);
        assertThat(told.get("stop_sequence").asText()).isEqualTo(stop);
    }

    @ParameterizedTest
    @CsvSource({
        "MESSAGES, /usage/input_tokens, 5",
        "MESSAGES, /usage/cache_read_input_tokens, 4",
        "MESSAGES, /usage/output_tokens, 2",
        "RESPONSES, /usage/input_tokens, 9",
        "RESPONSES, /usage/input_tokens_details/cached_tokens, 4",
        "RESPONSES, /usage/output_tokens, 2",
        "RESPONSES, /usage/total_tokens, 11",
        "COMPLETIONS, /usage/prompt_tokens, 9",
        "COMPLETIONS, /usage/completion_tokens, 2",
        "CHAT, /prompt_eval_count, 9",
        "CHAT, /eval_count, 2"
    })
    void tellWhatAnAnswerCost(DialectRequests dialect, String place, int tokens) throws Exception {
        assertThat(answer(dialect, FinishReason.STOP).at(place).asInt()).isEqualTo(tokens);
    }

    @ParameterizedTest
    @CsvSource({"MESSAGES, msg_1", "COMPLETIONS, cmpl-1"})
    void haveIdsAsTheirProtocolHasThem(DialectRequests dialect, String id) throws Exception {
        assertThat(answer(dialect, FinishReason.STOP).get("id").asText()).isEqualTo(id);
    }

    @Test
    void tellTheTrueReasonOfAResponseThatWasCut() throws Exception {
        assertThat(answer(DialectRequests.RESPONSES, FinishReason.REPETITION)
                        .get("incomplete_details")
                        .toString())
                .contains("\"reason\":\"max_output_tokens\"", "\"vlm_finish_reason\":\"repetition\"");
        assertThat(answer(DialectRequests.RESPONSES, FinishReason.LENGTH)
                        .get("incomplete_details")
                        .toString())
                .isEqualTo("{\"reason\":\"max_output_tokens\"}");
    }

    @ParameterizedTest
    @CsvSource({
        "'\"It is\"', true",
        "'[{\"type\": \"text\", \"text\": \"It is\"}]', true",
        "'[{\"type\": \"tool_use\"," + " \"id\": \"c\", \"name\": \"f\", \"input\": {}}]', "
    })
    void goOnWithAMessageThatTheClientHasBegun(String content, Boolean goesOn) {
        ChatCompletionRequest asked = asked(
                DialectRequests.MESSAGES,
                "{'max_tokens':1,'messages':[{'role':'user','content':'a'},{'role':'assistant','content':" + content
                        + "}]}");

        assertThat(asked.continueFinalMessage()).isEqualTo(goesOn);
        assertThat(asked.addGenerationPrompt()).isEqualTo(goesOn == null ? null : Boolean.FALSE);
    }

    @ParameterizedTest
    @CsvSource({"'', true", "'\"stream\": null,', true", "'\"stream\": true,', true", "'\"stream\": false,', false"})
    void comeInPiecesFromOllamaUnlessTheyAreToComeWhole(String stream, boolean isStreamed) {
        assertThat(asked(DialectRequests.GENERATE, "{" + stream + "'prompt':'a'}").stream())
                .isEqualTo(isStreamed);
        assertThat(asked(DialectRequests.CHAT, "{" + stream + "'messages':[{'role':'user','content':'a'}]}").stream())
                .isEqualTo(isStreamed);
    }

    @ParameterizedTest
    @ValueSource(strings = {"AAAA", "data:image/jpeg;base64,AAAA"})
    void takePicturesFromOllamasClientsWithAndWithoutTheirType(String image) {
        ImageContent shown = (ImageContent)
                asked(DialectRequests.CHAT, "{'messages':[{'role':'user','content':'a','images':['" + image + "']}]}")
                        .messages()
                        .get(0)
                        .parts()
                        .get(0);

        assertThat(shown.imageUrl().url()).endsWith(";base64,AAAA").doesNotContain("base64,data:");
    }

    @Test
    void callAModelAsOllamasClientDid() throws Exception {
        Dialogue tagged = DialectRequests.CHAT.read(
                "{\"model\": \"m:latest\", \"messages\": [{\"role\": \"user\", \"content\": \"a\"}]}");

        assertThat(tagged.request().model()).isEqualTo("m");
        assertThat(JSON.readTree(tagged.answer(completion(FinishReason.STOP, List.of()))
                                .toJson())
                        .get("model")
                        .asText())
                .isEqualTo("m:latest");
    }

    @Test
    void haveSixteenTokensInCompletionsThatDoNotSayHowMany() {
        assertThat(asked(DialectRequests.COMPLETIONS, "{'prompt':'a'}").maxTokens())
                .isEqualTo(16);
        assertThat(asked(DialectRequests.COMPLETIONS, "{'prompt':'a','max_tokens':17}")
                        .maxTokens())
                .isEqualTo(17);
    }

    @Test
    void takeAsManyPromptsAsOneRequestMayHave() {
        String prompt = "'a'";
        String most = String.join(",", Collections.nCopies(64, prompt));

        assertThat(asked(DialectRequests.COMPLETIONS, "{'prompt':[" + most + "]}")
                        .messages())
                .hasSize(64);
        assertThat(DialectRequests.COMPLETIONS.refusal(("{'prompt':[" + most + ",'a']}").replace('\'', '"')))
                .hasValueSatisfying(
                        refusal -> assertThat(refusal.error().message()).contains("more than 64 answers"));
    }

    @Test
    void repeatThePromptOfEachOfSeveralAnswers() throws Exception {
        Completion answer = new Completion(
                "m",
                "!",
                List.of(),
                List.of(),
                List.of(),
                FinishReason.STOP,
                new Usage(9, 2, 4),
                new Timings(null, List.of(), Duration.ofMillis(1)),
                List.of());
        ChatCompletion four = ChatCompletion.of(
                Collections.nCopies(4, answer), new ResponseMetadata("chatcmpl-1", Instant.EPOCH, "m", "fp_1"));

        JsonNode told = JSON.readTree(DialectRequests.COMPLETIONS
                .read("{\"prompt\": [\"a\", \"b\"], \"n\": 2, \"echo\": true}")
                .answer(four)
                .toJson());

        assertThat(told.get("choices"))
                .extracting(choice -> choice.get("text").asText())
                .containsExactly("a!", "a!", "b!", "b!");
    }

    @Test
    void takeNoughtLogprobsOfAResponseThatIncludesNone() {
        ChatCompletionRequest asked = asked(DialectRequests.RESPONSES, "{'input':'a','top_logprobs':0}");

        assertThat(asked.logprobs()).isNull();
        assertThat(asked.topLogprobs()).isNull();
    }

    @Test
    void keepATurnOfAMessageThatSaysNothing() {
        List<RequestMessage> turns = asked(
                        DialectRequests.MESSAGES,
                        "{'max_tokens':1,'messages':[{'role':'user','content':[]},{'role':'user','content':'a'}]}")
                .messages();

        assertThat(turns).extracting(turn -> turn.parts().size()).containsExactly(0, 1);
    }
}
