package io.github.camelvlm.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.camelvlm.chat.InvalidRequestException;
import io.github.camelvlm.openai.ImageContent.ImageUrl;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChatCompletionReaderTest {
    private static final String EVERY_FIELD = """
            {
              "model": "qwen2-vl",
              "messages": [
                {"role": "developer", "content": "You are a helpful assistant.", "name": "boss"},
                {"role": "user", "content": [
                  {"type": "text", "text": "What's in this image?"},
                  {"type": "image_url", "image_url": {"url": "https://example.com/a.jpg", "detail": "high"}}
                ]},
                {"role": "assistant", "content": null}
              ],
              "max_tokens": 300,
              "max_completion_tokens": 200,
              "temperature": 0.7,
              "top_p": 0.9,
              "top_k": 40,
              "min_p": 0.05,
              "seed": 9007199254740993,
              "stop": ["\\n", "END"],
              "presence_penalty": 0.5,
              "frequency_penalty": -0.5,
              "repetition_penalty": 1.05,
              "logit_bias": {"50256": -100, "7": 1.5},
              "logprobs": true,
              "top_logprobs": 2,
              "n": 1,
              "stream": true,
              "ignore_eos": true,
              "skip_special_tokens": false,
              "min_tokens": 3,
              "stop_token_ids": [5, 6],
              "include_stop_str_in_output": true,
              "bad_words": ["no"],
              "allowed_token_ids": [7, 8],
              "prompt_logprobs": 1,
              "add_generation_prompt": false,
              "continue_final_message": true,
              "mm_processor_kwargs": {"min_pixels": 3136, "max_pixels": "50176"},
              "response_format": {"type": "text"},
              "stream_options": {"include_usage": true, "unknown": 1},
              "user": "user-1234",
              "metadata": {"job": "captions"},
              "store": true,
              "service_tier": {"unknown": [1, 2]}
            }
            """;

    private static final ChatCompletionRequest EVERY_FIELD_READ = ChatCompletionRequest.builder()
            .model("qwen2-vl")
            .messages(List.of(
                    RequestMessage.of("developer", "You are a helpful assistant."),
                    new RequestMessage(
                            "user",
                            List.of(
                                    new TextContent("What's in this image?"),
                                    new ImageContent(new ImageUrl("https://example.com/a.jpg", "high"), null, null))),
                    new RequestMessage("assistant", List.of())))
            .maxTokens(300)
            .maxCompletionTokens(200)
            .temperature(0.7)
            .topP(0.9)
            .topK(40)
            .minP(0.05)
            .seed(9007199254740993L)
            .stop(List.of("\n", "END"))
            .presencePenalty(0.5)
            .frequencyPenalty(-0.5)
            .repetitionPenalty(1.05)
            .logitBias(Map.of(50256, -100.0, 7, 1.5))
            .logprobs(true)
            .topLogprobs(2)
            .n(1)
            .stream(true)
            .ignoreEos(true)
            .skipSpecialTokens(false)
            .minTokens(3)
            .stopTokenIds(List.of(5, 6))
            .includeStopStrInOutput(true)
            .badWords(List.of("no"))
            .allowedTokenIds(List.of(7, 8))
            .promptLogprobs(1)
            .addGenerationPrompt(false)
            .continueFinalMessage(true)
            .mmProcessorKwargs(new MmProcessorKwargs(3136, 50176))
            .streamOptions(new StreamOptions(true))
            .user("user-1234")
            .metadata(Map.of("job", "captions"))
            .build();

    @Test
    void readsEveryFieldAndPassesOverUnknownOnes() {
        assertThat(ChatCompletionReader.read(EVERY_FIELD)).isEqualTo(EVERY_FIELD_READ);
    }

    @Test
    void readsBytesStreamsAndMapsAlike() {
        byte[] bytes = EVERY_FIELD.getBytes(StandardCharsets.UTF_8);

        assertThat(ChatCompletionReader.read(bytes)).isEqualTo(EVERY_FIELD_READ);
        assertThat(ChatCompletionReader.read(new ByteArrayInputStream(bytes))).isEqualTo(EVERY_FIELD_READ);
        assertThat(ChatCompletionReader.read(Map.of(
                        "messages",
                        List.of(Map.of("role", "user", "content", "Hi")),
                        "temperature",
                        0.5f,
                        "max_tokens",
                        (short) 7)))
                .isEqualTo(ChatCompletionRequest.builder()
                        .messages(List.of(RequestMessage.of("user", "Hi")))
                        .temperature(0.5)
                        .maxTokens(7)
                        .build());
    }

    @Test
    void readsBackWhatItWrote() {
        assertThat(ChatCompletionReader.read(EVERY_FIELD_READ.toJson())).isEqualTo(EVERY_FIELD_READ);
    }

    @Test
    void writesTextAsAStringAndPartsWithTheirTypeFirst() {
        ChatCompletionRequest request = ChatCompletionRequest.builder()
                .messages(List.of(
                        RequestMessage.of("system", "Be brief."),
                        new RequestMessage(
                                "user",
                                List.of(
                                        new TextContent("Look:"),
                                        new ImageContent(new ImageUrl("a.png", "low"), 3136, null)))))
                .topP(0.5)
                .build();

        assertThat(request.toJson())
                .isEqualTo("{\"messages\":[{\"role\":\"system\",\"content\":\"Be brief.\"},"
                        + "{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"Look:\"},"
                        + "{\"type\":\"image_url\",\"image_url\":{\"url\":\"a.png\",\"detail\":\"low\"},\"min_pixels\":3136}]}],"
                        + "\"top_p\":0.5}");
    }

    @Test
    void takesNullForAFieldThatIsNotThere() {
        assertThat(read("\"temperature\": null, \"stop\": null, \"logit_bias\": null, \"metadata\": null"))
                .isEqualTo(read("\"model\": null"));
    }

    @Test
    void takesOneStopTextWithoutAList() {
        assertThat(read("\"stop\": \"END\"").stop()).containsExactly("END");
    }

    @Test
    void takesAWholeNumberWrittenWithAPoint() {
        assertThat(read("\"max_tokens\": 64.0").maxTokens()).isEqualTo(64);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"type\":\"image_url\",\"image_url\":{\"url\":\"a.png\",\"min_pixels\":3136,\"max_pixels\":\"50176\"}}",
                "{\"type\":\"image_url\",\"image_url\":{\"url\":\"a.png\"},\"min_pixels\":\"3136\",\"max_pixels\":50176}",
                "{\"type\":\"image_url\",\"image_url\":\"a.png\",\"min_pixels\":3136,\"max_pixels\":50176}",
            })
    void takesPixelLimitsInsideAndBesideTheAddress(String part) {
        assertThat(parts(part)).containsExactly(new ImageContent(new ImageUrl("a.png", null), 3136, 50176));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[]                                   | body must be an object, but is a list",
                "null                                 | body must be an object, but is null",
                "{}                                   | messages is missing: it must be a list",
                "{`messages`:{}}                      | messages must be a list, but is an object",
                "{`messages`:[null]}                  | messages[0] must be an object, but is null",
                "{`messages`:[{`content`:`x`}]}       | messages[0].role is missing: it must be a string",
                "{`messages`:[{`role`:`user`}]}       | messages[0].content is missing: it must be a string or a list of parts",
                "{`messages`:[{`role`:`user`,`content`:5}]} | messages[0].content must be a string or a list of parts, but is the number 5",
                "{`messages`:[{`role`:`user`,`content`:[5]}]} | messages[0].content[0] must be an object, but is the number 5",
                "{`messages`:[{`role`:`user`,`content`:[{}]}]} | messages[0].content[0].type is missing: it must be a string",
                "{`messages`:[],`model`:7}            | model must be a string, but is the number 7",
                "{`messages`:[],`max_tokens`:`7`}     | max_tokens must be a whole number, but is a string",
                "{`messages`:[],`max_tokens`:1.5}     | max_tokens must be a whole number, but is the number 1.5",
                "{`messages`:[],`max_tokens`:3000000000} | max_tokens must be within ±2147483647, but is the number 3000000000",
                "{`messages`:[],`seed`:99999999999999999999} | seed must be within ±9223372036854775807, but is the number 99999999999999999999",
                "{`messages`:[],`temperature`:true}   | temperature must be a number, but is true",
                "{`messages`:[],`stream`:`yes`}       | stream must be true or false, but is a string",
                "{`messages`:[],`stop`:[`a`,1]}       | stop[1] must be a string, but is the number 1",
                "{`messages`:[],`stop`:5}             | stop must be a string or a list of strings, but is the number 5",
                "{`messages`:[],`logit_bias`:{`dog`:1}} | logit_bias must have token ids as its names, but has `dog`",
                "{`messages`:[],`logit_bias`:{`-1`:1}} | logit_bias must have token ids as its names, but has `-1`",
                "{`messages`:[],`logit_bias`:{`5`:null}} | logit_bias.5 must be a number, but is null",
                "{`messages`:[],`metadata`:{`a`:1}}   | metadata.a must be a string, but is the number 1",
            })
    void namesTheFieldAndWhatItMustBe(String body, String message) {
        assertThatThrownBy(() -> ChatCompletionReader.read(body.replace('`', '"')))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage(message.replace('`', '"'));
    }

    @Test
    void namesThePlaceOfAWrongAddress() {
        assertThatThrownBy(() -> parts("{\"type\":\"image_url\",\"image_url\":{\"url\":5}}"))
                .isInstanceOfSatisfying(
                        InvalidRequestException.class,
                        e -> assertThat(e.field()).isEqualTo("messages[0].content[0].image_url.url"))
                .hasMessageEndingWith("must be a string, but is the number 5");
        assertThatThrownBy(() -> parts("{\"type\":\"image_url\",\"image_url\":\"a\",\"max_pixels\":\"many\"}"))
                .hasMessage("messages[0].content[0].max_pixels must be a whole number, but is \"many\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"input_audio", "audio_url"})
    void saysThatSoundIsNotTaken(String type) {
        assertThatThrownBy(() -> parts("{\"type\":\"" + type + "\"}"))
                .isInstanceOfSatisfying(
                        InvalidRequestException.class, e -> assertThat(e.code()).isEqualTo("unsupported_value"))
                .hasMessageStartingWith("messages[0].content[0].type is " + type + ", which this model does not take");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"type\":\"text\",\"text\":\"No.\"}",
                "{\"type\":\"output_text\",\"text\":\"No.\",\"annotations\":[]}",
                "{\"type\":\"refusal\",\"refusal\":\"No.\"}",
                "\"No.\"",
                "{\"text\":\"No.\"}",
                "{\"refusal\":\"No.\"}",
            })
    void takesTextInEveryFormThatClientsGiveIt(String part) {
        assertThat(parts(part)).containsExactly(new TextContent("No."));
    }

    @Test
    void knowsAPictureWithoutATypeByItsAddress() {
        assertThat(parts("{\"image_url\":{\"url\":\"a.png\"}}"))
                .containsExactly(new ImageContent(new ImageUrl("a.png", null), null, null));
    }

    @Test
    void takesARefusalForWhatTheAssistantSaid() {
        assertThat(ChatCompletionReader.read(
                                "{\"messages\":[{\"role\":\"assistant\",\"content\":null,\"refusal\":\"No.\"}]}")
                        .messages())
                .containsExactly(RequestMessage.of("assistant", "No."));
    }

    @Test
    void namesTheNewerFormOfAnOldCall() {
        assertThatThrownBy(
                        () -> ChatCompletionReader.read(
                                "{\"messages\":[{\"role\":\"assistant\",\"function_call\":{\"name\":\"f\",\"arguments\":\"{}\"}}]}"))
                .hasMessage(
                        "messages[0].function_call is the older form of tool_calls, and not served here: send tool_calls");
    }

    @Test
    void refusesAPartOfAnUnknownType() {
        assertThatThrownBy(() -> parts("{\"type\":\"hologram\"}"))
                .hasMessage("messages[0].content[0].type must be text, image_url or video_url, but is \"hologram\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"messages\": [", "{'messages': []}", "{} {}", "{\"a\": NaN}", "caption this", "\u0000"})
    void refusesWhatIsNotJson(String body) {
        assertThatThrownBy(() -> ChatCompletionReader.read(body))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageStartingWith("body is not valid JSON at line 1, column ");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{} {}           | : more follows where it must have ended",
                "{`a`: NaN}      | : Non-standard token 'NaN'",
                "{`messages`: [  | : Unexpected end-of-input: expected close marker for Array (start marker at line: 1, column: 14)",
                "{`messages`: [} | : Unexpected close marker '}': expected ']' (for Array starting at line: 1, column: 14)",
            })
    void saysWhatIsWrongWithTheJsonAndNamesNoClassOfTheParser(String body, String reason) {
        assertThatThrownBy(() -> ChatCompletionReader.read(body.replace('`', '"')))
                .hasMessageEndingWith(reason);
    }

    @Test
    void namesNoSettingOfTheParserWhereABoundIsPassed() {
        assertThatThrownBy(() -> read("\"x\": " + "[".repeat(100) + "]".repeat(100)))
                .hasMessageEndingWith("Document nesting depth (101) exceeds the maximum allowed (100)");
    }

    @Test
    void refusesAnEmptyBody() {
        assertThatThrownBy(() -> ChatCompletionReader.read(""))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("body is missing: it must be an object");
        assertThatThrownBy(() -> ChatCompletionReader.read(new byte[0])).isInstanceOf(InvalidRequestException.class);
    }

    @Test
    void refusesMoreThanAHundredLevels() {
        assertThat(read("\"x\": " + "[".repeat(99) + "]".repeat(99)).messages()).isEmpty();
        assertThatThrownBy(() -> read("\"x\": " + "[".repeat(100) + "]".repeat(100)))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("nesting depth");
    }

    @Test
    void refusesAMillionEmptyLists() {
        assertThatThrownBy(() -> ChatCompletionReader.read("[" + "[],".repeat(1_000_000)))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("Token count");
    }

    @Test
    void readsAPictureOfThirtyMegabytesInBase64() {
        String url = "data:image/png;base64," + "A".repeat(40_000_000);

        ImageContent image = (ImageContent) parts("{\"type\":\"image_url\",\"image_url\":{\"url\":\"" + url + "\"}}")
                .get(0);

        assertThat(image.imageUrl().url()).hasSize(url.length());
    }

    @Test
    void refusesABodyThatBreaksOff() {
        InputStream broken = new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("connection reset");
            }
        };

        assertThatThrownBy(() -> ChatCompletionReader.read(broken))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("body cannot be read to its end: connection reset");
    }

    @Test
    void refusesAMapThatHoldsItself() {
        Map<String, Object> circle = new HashMap<>();
        circle.put("messages", circle);

        assertThatThrownBy(() -> ChatCompletionReader.read(circle))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("nesting depth");
    }

    private static ChatCompletionRequest read(String fields) {
        return ChatCompletionReader.read("{\"messages\": [], " + fields + "}");
    }

    private static List<ContentPart> parts(String part) {
        return ChatCompletionReader.read("{\"messages\":[{\"role\":\"user\",\"content\":[" + part + "]}]}")
                .messages()
                .get(0)
                .parts();
    }
}
