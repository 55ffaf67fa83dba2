package io.github.camelvlm.anthropic;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelvlm.openai.ChatCompletionChunk;
import io.github.camelvlm.openai.CompletionUsage;
import io.github.camelvlm.openai.FunctionToolCall;
import io.github.camelvlm.openai.OpenAiError;
import java.util.List;
import org.junit.jupiter.api.Test;

class MessageEventsTest {
    private final MessageEvents events = new MessageEvents(List.of("."));

    private String piece(String text, FunctionToolCall call, String reason) {
        return events.piece(chunk(
                List.of(new ChatCompletionChunk.Choice(
                        0,
                        new ChatCompletionChunk.Delta(null, text, call == null ? null : List.of(call)),
                        null,
                        reason,
                        null,
                        null)),
                null));
    }

    private static ChatCompletionChunk chunk(List<ChatCompletionChunk.Choice> choices, CompletionUsage usage) {
        return new ChatCompletionChunk("chatcmpl-1", ChatCompletionChunk.OBJECT, 0, "m", null, choices, usage);
    }

    @Test
    void opensAndClosesEachBlockInTurn() {
        String begun = piece("", null, null);
        String text = piece("Well", null, null);
        String call = piece(null, call("1", "look", ""), null) + piece(null, call(null, null, "{}"), null);
        String ended = piece(null, null, "tool_calls")
                + events.piece(chunk(
                        List.of(), new CompletionUsage(9, 2, 11, new CompletionUsage.PromptTokensDetails(4), null)))
                + events.end();

        assertThat(begun).contains("\"id\":\"msg_1\"").contains("event: ping");
        assertThat(text)
                .contains("\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"\"}")
                .contains("\"text_delta\",\"text\":\"Well\"");
        assertThat(call)
                .containsSubsequence(
                        "content_block_stop\",\"index\":0",
                        "\"index\":1,\"content_block\":{\"type\":\"tool_use\",\"id\":\"1\",\"name\":\"look\",\"input\":{}}",
                        "\"input_json_delta\",\"partial_json\":\"{}\"");
        assertThat(ended)
                .containsSubsequence(
                        "content_block_stop\",\"index\":1",
                        "\"stop_reason\":\"tool_use\",\"stop_sequence\":null",
                        "\"input_tokens\":5",
                        "\"cache_read_input_tokens\":4",
                        "event: message_stop");
    }

    @Test
    void saysOnceWhatWasKeptBackBeforeACall() {
        MessageEvents withStop = new MessageEvents(List.of("ab"));
        StringBuilder told = new StringBuilder();
        for (ChatCompletionChunk.Delta delta : List.of(
                new ChatCompletionChunk.Delta(null, "a", null),
                new ChatCompletionChunk.Delta(null, null, List.of(call("1", "look", ""))),
                new ChatCompletionChunk.Delta(null, null, List.of(call(null, null, "{}"))))) {
            told.append(withStop.piece(
                    chunk(List.of(new ChatCompletionChunk.Choice(0, delta, null, null, null, null)), null)));
        }
        told.append(withStop.piece(chunk(
                List.of(new ChatCompletionChunk.Choice(
                        0, new ChatCompletionChunk.Delta(null, null, null), null, "tool_calls", null, null)),
                null)));

        assertThat(told.toString().split("\"text\":\"a\"")).hasSize(2);
    }

    @Test
    void tellsAFailureInItsOwnWords() {
        assertThat(events.failure(new OpenAiError(503, new OpenAiError.Detail("no", "x", null, null))))
                .isEqualTo("event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\","
                        + "\"message\":\"no\"}}\n\n");
    }

    private static FunctionToolCall call(String id, String name, String arguments) {
        return new FunctionToolCall(0, id, null, new FunctionToolCall.Function(name, arguments));
    }

    @Test
    void tellsWhatThePromptCostWhereThatIsKnownAtTheBeginning() {
        CompletionUsage prompt = new CompletionUsage(9, 0, 9, new CompletionUsage.PromptTokensDetails(4), null);

        assertThat(events.piece(new ChatCompletionChunk(
                        "chatcmpl-1", ChatCompletionChunk.OBJECT, 0, "m", null, List.of(), null, prompt)))
                .contains("\"input_tokens\":5", "\"cache_read_input_tokens\":4", "\"output_tokens\":0");
        assertThat(new MessageEvents(List.of()).piece(chunk(List.of(), null))).contains("\"input_tokens\":0");
    }
}
