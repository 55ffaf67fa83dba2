package io.github.camelvlm.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.camelvlm.openai.ChatCompletionChunk;
import io.github.camelvlm.openai.ChoiceLogprobs;
import io.github.camelvlm.openai.CompletionUsage;
import io.github.camelvlm.openai.FunctionToolCall;
import io.github.camelvlm.openai.RequestMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What clients of each protocol read of an answer in pieces. */
class StreamedAnswersTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ASK = "{\"input\": \"What?\", \"stream\": true}";
    private static final FunctionToolCall BEGUN = call("call_1", "look", "");
    private static final FunctionToolCall GIVEN = call(null, null, "{\"at\": 1}");

    private static FunctionToolCall call(String id, String name, String arguments) {
        return new FunctionToolCall(0, id, null, new FunctionToolCall.Function(name, arguments));
    }

    private static ChatCompletionChunk chunk(List<ChatCompletionChunk.Choice> choices, CompletionUsage usage) {
        return new ChatCompletionChunk("chatcmpl-1", ChatCompletionChunk.OBJECT, 0, "m", null, choices, usage);
    }

    private static ChatCompletionChunk piece(
            ChatCompletionChunk.Delta delta, ChoiceLogprobs logprobs, String reason, String trueReason) {
        return chunk(List.of(new ChatCompletionChunk.Choice(0, delta, logprobs, reason, trueReason, null)), null);
    }

    private static ChatCompletionChunk text(String text) {
        return piece(new ChatCompletionChunk.Delta(null, text, null), null, null, null);
    }

    private static ChatCompletionChunk calling(FunctionToolCall call) {
        return piece(new ChatCompletionChunk.Delta(null, null, List.of(call)), null, null, null);
    }

    private static ChatCompletionChunk end(String reason, String trueReason) {
        return piece(new ChatCompletionChunk.Delta(null, null, null), null, reason, trueReason);
    }

    private static ChatCompletionChunk usage() {
        return chunk(List.of(), new CompletionUsage(9, 2, 11, new CompletionUsage.PromptTokensDetails(4), null));
    }

    /** All events or lines of an answer. */
    private static List<JsonNode> told(AnswerStream stream, ChatCompletionChunk... chunks) throws Exception {
        StringBuilder written = new StringBuilder();
        for (ChatCompletionChunk chunk : chunks) {
            written.append(stream.piece(chunk));
        }
        written.append(stream.piece(usage())).append(stream.end());
        List<JsonNode> told = new ArrayList<>();
        for (String line : written.toString().split("\n")) {
            String json = line.replaceFirst("^data: ", "");
            if (json.startsWith("{")) {
                told.add(JSON.readTree(json));
            }
        }
        return told;
    }

    private static List<JsonNode> told(DialectRequests dialect, String body, ChatCompletionChunk... chunks)
            throws Exception {
        return told(dialect.read(body).stream(), chunks);
    }

    private static JsonNode last(List<JsonNode> told) {
        return told.get(told.size() - 1);
    }

    @Test
    void areNumberedFromNoughtInResponses() throws Exception {
        List<JsonNode> told = told(DialectRequests.RESPONSES, ASK, text("Well"), end("stop", null));

        assertThat(told)
                .extracting(event -> event.get("sequence_number").asInt())
                .containsExactlyElementsOf(
                        IntStream.range(0, told.size()).boxed().toList());
    }

    @ParameterizedTest
    @CsvSource({"tool_calls, completed", "stop, completed", "length, incomplete"})
    void areWholeInResponsesUnlessTheyAreCut(String reason, String status) throws Exception {
        List<JsonNode> told =
                told(DialectRequests.RESPONSES, ASK, text("Well"), calling(BEGUN), calling(GIVEN), end(reason, null));

        assertThat(last(told).get("type").asText()).isEqualTo("response." + status);
        assertThat(told)
                .filteredOn(event -> event.get("type").asText().equals("response.output_item.done"))
                .extracting(event -> event.at("/item/type").asText() + " "
                        + event.at("/item/status").asText())
                .containsExactly("message completed", "function_call " + status);
        assertThat(last(told).at("/response/output/1/arguments").asText()).isEqualTo("{\"at\": 1}");
    }

    @Test
    void areTheSameItemsInResponsesFromTheirBeginningToTheWhole() throws Exception {
        List<JsonNode> told = told(
                DialectRequests.RESPONSES, ASK, text("Well"), calling(BEGUN), calling(GIVEN), end("tool_calls", null));

        for (String type : List.of("response.output_item.added", "response.output_item.done")) {
            assertThat(told)
                    .filteredOn(event -> event.get("type").asText().equals(type))
                    .extracting(event -> event.get("output_index").asInt())
                    .containsExactly(0, 1);
            assertThat(told)
                    .filteredOn(event -> event.get("type").asText().equals(type))
                    .extracting(event -> event.at("/item/id").asText())
                    .containsExactly(
                            last(told).at("/response/output/0/id").asText(),
                            last(told).at("/response/output/1/id").asText());
        }
    }

    @Test
    void haveAnEmptyTextInResponsesWhereNothingIsSaid() throws Exception {
        List<JsonNode> told = told(DialectRequests.RESPONSES, ASK, text(""), end("stop", null));

        assertThat(last(told).at("/response/output")).hasSize(1);
        assertThat(last(told).at("/response/output/0/content/0/text").asText("none"))
                .isEmpty();
    }

    @Test
    void tellTheTrueReasonInResponses() throws Exception {
        List<JsonNode> told = told(DialectRequests.RESPONSES, ASK, text("a a a"), end("length", "repetition"));

        assertThat(last(told)
                        .at("/response/incomplete_details/vlm_finish_reason")
                        .asText())
                .isEqualTo("repetition");
    }

    @Test
    void tellOfTheLastTokensInResponsesWhereTheyHaveNoText() throws Exception {
        ChoiceLogprobs one =
                new ChoiceLogprobs(List.of(new ChoiceLogprobs.Token("a", List.of(97), -1, List.of())), null);

        List<JsonNode> told = told(
                DialectRequests.RESPONSES,
                ASK,
                piece(new ChatCompletionChunk.Delta(null, "a", null), one, null, null),
                piece(new ChatCompletionChunk.Delta(null, null, null), one, "stop", null));

        assertThat(last(told).at("/response/output/0/content/0/logprobs")).hasSize(2);
    }

    @Test
    void areKeptInResponsesForThoseThatFollow() throws Exception {
        List<JsonNode> told = told(DialectRequests.RESPONSES, ASK, text("Well"), end("stop", null));

        List<RequestMessage> next = DialectRequests.RESPONSES
                .read("{\"input\": \"And?\", \"previous_response_id\": "
                        + last(told).at("/response/id") + "}")
                .request()
                .messages();

        assertThat(next).extracting(RequestMessage::role).containsExactly("user", "assistant", "user");
    }

    @Test
    void nameTheToolThatIsCalledInOllamasLines() throws Exception {
        List<JsonNode> told = told(
                DialectRequests.CHAT,
                DialectRequests.CHAT.body(),
                calling(BEGUN),
                calling(GIVEN),
                end("tool_calls", null));

        assertThat(told.get(0).at("/message/tool_calls/0/function").toString())
                .isEqualTo("{\"index\":0,\"name\":\"look\",\"arguments\":{\"at\":1}}");
        assertThat(last(told).get("done_reason").asText()).isEqualTo("stop");
        assertThat(last(told).get("prompt_eval_count").asInt()).isEqualTo(9);
        assertThat(last(told).get("eval_count").asInt()).isEqualTo(2);
    }

    @Test
    void tellTheirEndInCompletionsThoughItHasNoText() throws Exception {
        List<JsonNode> told =
                told(DialectRequests.COMPLETIONS, "{\"prompt\": \"Go on\"}", text("Well"), end("stop", null));

        assertThat(told)
                .extracting(piece -> piece.at("/choices/0/finish_reason").asText())
                .containsExactly("null", "stop", "");
    }

    private static String messages(String stop) {
        return "{\"max_tokens\": 9, \"stop_sequences\": [\"" + stop
                + "\"], \"messages\": [{\"role\": \"user\", \"content\": \"a\"}]}";
    }

    @Test
    void tellTheTextThatEndedAMessageAndDoNotSayIt() throws Exception {
        List<JsonNode> told =
                told(DialectRequests.MESSAGES, messages("END"), text("Well E"), text("ND"), end("stop", null));

        assertThat(told)
                .filteredOn(event -> event.get("type").asText().equals("content_block_delta"))
                .extracting(event -> event.at("/delta/text").asText())
                .containsExactly("Well ");
        assertThat(told.get(told.size() - 2).get("delta").toString())
                .isEqualTo("{\"stop_reason\":\"stop_sequence\",\"stop_sequence\":\"END\"}");
    }

    @Test
    void sayInAMessageWhatOnlyBeganAsItsEndBeforeTheBlockIsOver() throws Exception {
        List<JsonNode> told = told(DialectRequests.MESSAGES, messages("END"), text("E"), end("length", null));

        assertThat(told)
                .extracting(event -> event.get("type").asText())
                .containsExactly(
                        "message_start",
                        "ping",
                        "content_block_start",
                        "content_block_delta",
                        "content_block_stop",
                        "message_delta",
                        "message_stop");
        assertThat(told.get(3).at("/delta/text").asText()).isEqualTo("E");
    }
}
