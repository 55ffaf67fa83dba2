package io.github.camelvlm.openai;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.camelvlm.chat.Completion;
import io.github.camelvlm.chat.FinishReason;
import io.github.camelvlm.chat.PromptLogprob;
import io.github.camelvlm.chat.Timings;
import io.github.camelvlm.chat.TokenLogprob;
import io.github.camelvlm.chat.ToolCall;
import io.github.camelvlm.chat.Usage;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChatCompletionTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final ResponseMetadata METADATA =
            new ResponseMetadata("chatcmpl-1", Instant.ofEpochSecond(1741569952L, 999_000_000), "qwen2-vl", "fp_1");

    @Test
    void writesAnAnswerAsOpenAiDoes() throws JsonProcessingException {
        ChatCompletion completion =
                ChatCompletion.of(List.of(answer("Hello!", FinishReason.STOP, List.of())), METADATA);

        assertThat(MAPPER.readTree(completion.toJson())).isEqualTo(MAPPER.readTree("""
                                {
                                  "id": "chatcmpl-1",
                                  "object": "chat.completion",
                                  "created": 1741569952,
                                  "model": "qwen2-vl",
                                  "choices": [
                                    {
                                      "index": 0,
                                      "message": {
                                        "role": "assistant",
                                        "content": "Hello!",
                                        "refusal": null,
                                        "tool_calls": null
                                      },
                                      "logprobs": null,
                                      "finish_reason": "stop"
                                    }
                                  ],
                                  "usage": {"prompt_tokens": 19, "completion_tokens": 10, "total_tokens": 29,
                                            "prompt_tokens_details": {"cached_tokens": 0},
                                            "completion_tokens_details": {"accepted_prediction_tokens": 0,
                                                                          "rejected_prediction_tokens": 0}},
                                  "system_fingerprint": "fp_1"
                                }
                                """));
    }

    @Test
    void writesCallsOfToolsAsOpenAiDoes() throws JsonProcessingException {
        List<ToolCall> calls = List.of(new ToolCall("call_1", "f", "{\"a\":1}"));

        assertThat(MAPPER.readTree(ChatCompletion.of(List.of(answer("", calls)), METADATA)
                                .toJson())
                        .at("/choices/0/message"))
                .isEqualTo(MAPPER.readTree("""
                        {"role": "assistant", "content": null, "refusal": null,
                         "tool_calls": [{"id": "call_1", "type": "function",
                                         "function": {"name": "f", "arguments": "{\\"a\\":1}"}}]}
                        """));
        assertThat(ChatCompletion.of(List.of(answer("So:", calls)), METADATA)
                        .choices()
                        .get(0)
                        .message()
                        .content())
                .isEqualTo("So:");
    }

    private static Completion answer(String text, List<ToolCall> calls) {
        return new Completion(
                "qwen2-vl",
                text,
                calls,
                List.of(),
                List.of(),
                FinishReason.TOOL_CALLS,
                new Usage(19, 10),
                new Timings(Duration.ofMillis(5), List.of(), Duration.ofMillis(9)),
                List.of());
    }

    @Test
    void writesLogprobsAsOpenAiDoes() throws JsonProcessingException {
        byte[] hello = {72, 101, 108, 108, 111};
        byte[] halfACharacter = {(byte) 0xE8, (byte) 0xBF};
        TokenLogprob token = new TokenLogprob(
                9707,
                hello,
                -0.31725305,
                List.of(
                        new TokenLogprob(9707, hello, -0.31725305, List.of()),
                        new TokenLogprob(1, halfACharacter, Double.NEGATIVE_INFINITY, List.of())));

        JsonNode json =
                MAPPER.readTree(ChatCompletion.of(List.of(answer("Hello", FinishReason.STOP, List.of(token))), METADATA)
                        .toJson());

        assertThat(json.at("/choices/0/logprobs")).isEqualTo(MAPPER.readTree("""
                                {
                                  "content": [
                                    {
                                      "token": "Hello",
                                      "bytes": [72, 101, 108, 108, 111],
                                      "logprob": -0.31725305,
                                      "top_logprobs": [
                                        {"token": "Hello", "bytes": [72, 101, 108, 108, 111], "logprob": -0.31725305},
                                        {"token": "\\ufffd", "bytes": [232, 191], "logprob": -9999.0}
                                      ]
                                    }
                                  ],
                                  "refusal": null
                                }
                                """));
    }

    @Test
    void writesThePromptsLogprobsAsVllmDoes() throws JsonProcessingException {
        TokenLogprob best = new TokenLogprob(7, new byte[] {'a'}, -0.5, List.of());
        TokenLogprob second = new TokenLogprob(9, new byte[] {'b'}, -1.5, List.of());
        TokenLogprob third =
                new TokenLogprob(8, new byte[] {(byte) 0xE8}, Double.NEGATIVE_INFINITY, List.of(best, second));
        Completion completion = new Completion(
                "m",
                "",
                List.of(),
                List.of(),
                List.of(),
                FinishReason.STOP,
                new Usage(3, 1),
                new Timings(null, List.of(), Duration.ofMillis(1)),
                List.of(),
                List.of(
                        new PromptLogprob(new TokenLogprob(9, new byte[] {'b'}, -1.5, List.of(best, second)), 2),
                        new PromptLogprob(third, 900)));

        String json = ChatCompletion.of(List.of(completion), METADATA).toJson();

        assertThat(json)
                .contains("\"prompt_logprobs\":[null,"
                        + "{\"9\":{\"logprob\":-1.5,\"rank\":2,\"decoded_token\":\"b\"},"
                        + "\"7\":{\"logprob\":-0.5,\"rank\":1,\"decoded_token\":\"a\"}},"
                        + "{\"8\":{\"logprob\":-9999.0,\"rank\":900,\"decoded_token\":\"\uFFFD\"},"
                        + "\"7\":{\"logprob\":-0.5,\"rank\":1,\"decoded_token\":\"a\"},"
                        + "\"9\":{\"logprob\":-1.5,\"rank\":2,\"decoded_token\":\"b\"}}]");
        assertThat(MAPPER.readValue(json, ChatCompletion.class).promptLogprobs())
                .hasSize(3);
    }

    @ParameterizedTest
    @CsvSource({
        "STOP, stop,",
        "TOOL_CALLS, tool_calls,",
        "LENGTH, length,",
        "CANCELLED, length, cancelled",
        "TIME_LIMIT, length, time_limit"
    })
    void namesWhyTheAnswerEndedInOpenAisWordsAndInItsOwn(FinishReason reason, String expected, String own)
            throws JsonProcessingException {
        ChatCompletion completion = ChatCompletion.of(List.of(answer("", reason, List.of())), METADATA);
        JsonNode choice = MAPPER.readTree(completion.toJson()).at("/choices/0");

        assertThat(choice.path("finish_reason").textValue()).isEqualTo(expected);
        assertThat(choice.path("vlm_finish_reason").textValue()).isEqualTo(own);
        assertThat(choice.has("vlm_finish_reason")).isEqualTo(own != null);
        assertThat(completion.choices().get(0).trueFinishReason()).isEqualTo(reason.wireName());
    }

    @Test
    void countsThePromptOfSeveralAnswersOnce() {
        ChatCompletion completion = ChatCompletion.of(
                List.of(answer("A", FinishReason.STOP, List.of()), answer("B", FinishReason.LENGTH, List.of())),
                METADATA);

        assertThat(completion.usage())
                .isEqualTo(new CompletionUsage(
                        19,
                        20,
                        39,
                        new CompletionUsage.PromptTokensDetails(0),
                        new CompletionUsage.CompletionTokensDetails(0, 0)));
        assertThat(completion.choices())
                .extracting(ChatCompletion.Choice::index)
                .containsExactly(0, 1);
        assertThat(completion.choices())
                .extracting(choice -> choice.message().content())
                .containsExactly("A", "B");
    }

    @Test
    void givesEveryAnswerItsOwnId() {
        assertThat(ResponseMetadata.create("m", null).id())
                .matches("chatcmpl-[0-9a-f]{32}")
                .isNotEqualTo(ResponseMetadata.create("m", null).id());
    }

    @Test
    void readsBackWhatItWrote() throws JsonProcessingException {
        TokenLogprob token = new TokenLogprob(1, new byte[] {65}, -0.5, List.of());
        ChatCompletion completion =
                ChatCompletion.of(List.of(answer("A", FinishReason.LENGTH, List.of(token))), METADATA);

        assertThat(MAPPER.readValue(completion.toJson(), ChatCompletion.class)).isEqualTo(completion);
    }

    private static Completion answer(String text, FinishReason reason, List<TokenLogprob> logprobs) {
        return new Completion(
                "qwen2-vl",
                text,
                List.of(),
                List.of(),
                logprobs,
                reason,
                new Usage(19, 10),
                new Timings(Duration.ofMillis(5), List.of(), Duration.ofMillis(9)),
                List.of());
    }
}
