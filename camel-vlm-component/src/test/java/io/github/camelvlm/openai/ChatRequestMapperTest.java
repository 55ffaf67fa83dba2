package io.github.camelvlm.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.camelvlm.chat.ChatRequest;
import io.github.camelvlm.chat.Continuation;
import io.github.camelvlm.chat.EncodedImage;
import io.github.camelvlm.chat.ImagePart;
import io.github.camelvlm.chat.InvalidRequestException;
import io.github.camelvlm.chat.Message;
import io.github.camelvlm.chat.PixelLimits;
import io.github.camelvlm.chat.RepetitionBounds;
import io.github.camelvlm.chat.Role;
import io.github.camelvlm.chat.SamplingOptions;
import io.github.camelvlm.chat.TextPart;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChatRequestMapperTest {
    private static final byte[] PICTURE = {1, 2, 3};

    @Test
    void mapsRolesTextsAndPicturesInOrder() {
        ChatRequest request = map("""
                {"messages": [
                  {"role": "system", "content": "Be brief."},
                  {"role": "developer", "content": "Be kind."},
                  {"role": "user", "content": [
                    {"type": "text", "text": "Compare"},
                    {"type": "image_url", "image_url": {"url": "a.png"}},
                    {"type": "image_url", "image_url": {"url": "b.png", "detail": "auto"}}]},
                  {"role": "assistant", "content": null},
                  {"role": "user", "content": "And now?"}]}
                """);

        assertThat(request.messages())
                .containsExactly(
                        Message.of(Role.SYSTEM, "Be brief."),
                        Message.of(Role.SYSTEM, "Be kind."),
                        new Message(
                                Role.USER,
                                List.of(
                                        new TextPart("Compare"),
                                        new ImagePart(
                                                new EncodedImage("a.png", PICTURE),
                                                PixelLimits.NONE,
                                                "messages[2].content[1]"),
                                        new ImagePart(
                                                new EncodedImage("b.png", PICTURE),
                                                PixelLimits.NONE,
                                                "messages[2].content[2]"))),
                        new Message(Role.ASSISTANT, List.of()),
                        Message.of(Role.USER, "And now?"));
        assertThat(request.sampling()).isEqualTo(SamplingOptions.NONE);
        assertThat(request.timeLimit()).isNull();
    }

    @Test
    void mapsEveryOption() {
        ChatRequest request = mapOptions("""
                "max_tokens": 300, "temperature": 0.7, "top_p": 0.9, "top_k": 40, "min_p": 0.05,
                "seed": 7, "stop": ["END"], "presence_penalty": 0.5, "frequency_penalty": -0.5,
                "repetition_penalty": 1.05, "logit_bias": {"50256": -100}, "logprobs": true, "top_logprobs": 2,
                "ignore_eos": true, "skip_special_tokens": false, "min_tokens": 3, "stop_token_ids": [5],
                "include_stop_str_in_output": true, "bad_words": ["no"], "allowed_token_ids": [6, 7], "prompt_logprobs": 1,
                "repetition_detection": {"max_pattern_size": 20, "min_pattern_size": 2, "min_count": 4}
                """);

        assertThat(request.sampling())
                .isEqualTo(new SamplingOptions(
                        300,
                        0.7,
                        0.9,
                        40,
                        0.05,
                        1.05,
                        0.5,
                        -0.5,
                        Map.of(50256, -100.0),
                        List.of("END"),
                        7L,
                        2,
                        true,
                        false,
                        3,
                        List.of(5),
                        true,
                        List.of("no"),
                        List.of(6, 7),
                        1,
                        new RepetitionBounds(20, 2, 4, 0),
                        null));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"max_pattern_size\": 0}", "{\"max_pattern_size\": 0, \"min_count\": 3}"})
    void readsThatAnAnswerMayRepeatItself(String detection) {
        assertThat(mapOptions("\"repetition_detection\": " + detection)
                        .sampling()
                        .repetition())
                .isEqualTo(RepetitionBounds.OFF);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    {"max_pattern_size": 5000, "min_count": 3} | max_pattern_size must be between 0 and 4096, but is 5000
                    {"max_pattern_size": -1, "min_count": 3} | max_pattern_size must be between 0 and 4096, but is -1
                    {"max_pattern_size": 9, "min_pattern_size": 10, "min_count": 3} | min_pattern_size must be between 0 and 9, but is 10
                    {"max_pattern_size": 9, "min_pattern_size": -1, "min_count": 3} | min_pattern_size must be between 0 and 9, but is -1
                    {"max_pattern_size": 9} | min_count must be between 2 and 1000, but is 0
                    {"max_pattern_size": 9, "min_count": 1} | min_count must be between 2 and 1000, but is 1
                    {"max_pattern_size": 9, "min_count": 1001} | min_count must be between 2 and 1000, but is 1001
                    {"max_pattern_size": 9, "min_count": "3"} | min_count must be a whole number, but is a string
                    {"max_pattern_size": 9.5, "min_count": 3} | max_pattern_size must be a whole number, but is the number 9.5
                    {"min_count": 3} | max_pattern_size is missing: it must be a whole number
                    """)
    void namesWhatIsWrongWithTheBoundsOfARepetition(String detection, String problem) {
        assertThatThrownBy(() -> mapOptions("\"repetition_detection\": " + detection))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("repetition_detection." + problem);
    }

    @Test
    void letsTheNewerNameOfTheTokenLimitWin() {
        assertThat(mapOptions("\"max_tokens\": 5, \"max_completion_tokens\": 9")
                        .sampling()
                        .maxTokens())
                .isEqualTo(9);
    }

    @Test
    void readsATopKOfMinusOneAsAll() {
        assertThat(mapOptions("\"top_k\": -1").sampling().topK()).isZero();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "`x`:1                                                       | NEW_TURN",
                "`add_generation_prompt`:true,`continue_final_message`:false | NEW_TURN",
                "`add_generation_prompt`:false                               | NONE",
                "`add_generation_prompt`:false,`continue_final_message`:true | LAST_TURN"
            })
    void readsWhatTheAnswerGoesOnWith(String fields, Continuation continuation) {
        ChatCompletionRequest read = ChatCompletionReader.read(
                ("{`messages`:[{`role`:`assistant`,`content`:`Hi`}]," + fields + "}").replace('`', '"'));
        ChatRequest mapped = ChatRequestMapper.toChatRequest(read, url -> null);

        assertThat(mapped.continuation()).isEqualTo(continuation);
        assertThat(ChatRequestMapper.toChatRequest(
                                ChatRequestWriter.write(mapped, "m", picture -> "")
                                        .build(),
                                url -> null)
                        .continuation())
                .isEqualTo(continuation);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"`continue_final_message`:true", "`continue_final_message`:true,`add_generation_prompt`:true"})
    void refusesToBeginATurnAndToGoOnWithOneAtOnce(String fields) {
        ChatCompletionRequest both = ChatCompletionReader.read(
                ("{`messages`:[{`role`:`assistant`,`content`:`Hi`}]," + fields + "}").replace('`', '"'));

        assertThatThrownBy(() -> ChatRequestMapper.toChatRequest(both, url -> null))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageStartingWith("continue_final_message needs add_generation_prompt to be false");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "none",
            value = {
                "\"logprobs\": true                      | 0",
                "\"logprobs\": true, \"top_logprobs\": 5 | 5",
                "\"logprobs\": false                     | none",
                "\"top_logprobs\": 0                     | none",
            })
    void asksForLogprobsOnlyWhenToldTo(String options, Integer expected) {
        assertThat(mapOptions(options).sampling().topLogprobs()).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"n\": 0                       | n                     | n must be between 1 and 8, but is 0",
                "\"n\": 9                       | n                     | n must be between 1 and 8, but is 9",
                "\"top_logprobs\": 3            | top_logprobs          | top_logprobs needs logprobs to be true",
                "\"max_completion_tokens\": 0   | max_completion_tokens | max_completion_tokens must be at least 1, but is 0",
                "\"max_tokens\": 0              | max_tokens            | max_tokens must be at least 1, but is 0",
                "\"temperature\": 1e999         | temperature           | temperature must be between 0 and 2, but is Infinity",
                "\"top_k\": -2                  | top_k                 | top_k must be at least 0, but is -2",
            })
    void refusesWhatCannotBeDone(String options, String field, String message) {
        assertThatThrownBy(() -> mapOptions(options))
                .isInstanceOfSatisfying(
                        InvalidRequestException.class,
                        e -> assertThat(e.field()).isEqualTo(field))
                .hasMessage(message);
    }

    @Test
    void refusesMoreThanSixteenStopTexts() {
        assertThat(mapOptions("\"stop\": " + stops(16)).sampling().stop()).hasSize(16);
        assertThatThrownBy(() -> mapOptions("\"stop\": " + stops(17)))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("stop must hold at most 16 texts, but holds 17");
    }

    private static String stops(int count) {
        return Collections.nCopies(count, "\"x\"").toString();
    }

    @Test
    void asksForOneAnswerUnlessToldOtherwise() {
        assertThat(ChatRequestMapper.answers(ChatCompletionReader.read("{\"messages\": []}")))
                .isEqualTo(1);
        assertThat(ChatRequestMapper.answers(ChatCompletionReader.read("{\"messages\": [], \"n\": 8}")))
                .isEqualTo(8);
    }

    @Test
    void takesTheLimitsOfTheWholeRequestWhereAPictureHasNone() {
        List<PixelLimits> limits = map("""
                        {"mm_processor_kwargs": {"min_pixels": "4000", "max_pixels": 90000}, "messages": [
                          {"role": "user", "content": [
                            {"type": "image_url", "image_url": {"url": "a.png"}},
                            {"type": "image_url", "image_url": {"url": "b.png"}, "max_pixels": 50000}]}]}
                        """).messages().get(0).parts().stream()
                .map(part -> ((ImagePart) part).limits())
                .toList();

        assertThat(limits).containsExactly(new PixelLimits(4000, 90000), new PixelLimits(4000, 50000));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'#a;<image>What?'             | '#a;What?'",
                "'Is <image>;#a;#b; like <image>?' | 'Is ;#a; like ;#b;?'",
                "'#a;<image>;<image>'          | '#a;<image>;<image>'",
                "'#a;#b;<image>'               | '#a;#b;<image>'",
                "'<image>'                     | '<image>'",
                "'#a;<Image>'                  | '#a;<Image>'",
                "'#a;#b;<image><image>'        | '#a;#b'",
            })
    void putsPicturesWhereMarkersSayIfThereAreAsMany(String content, String expected) {
        String json = Arrays.stream(content.split(";"))
                .map(part -> part.startsWith("#")
                        ? "{\"type\": \"image_url\", \"image_url\": \"" + part + "\"}"
                        : "{\"type\": \"text\", \"text\": \"" + part + "\"}")
                .collect(Collectors.joining(","));

        assertThat(map("{\"messages\": [{\"role\": \"user\", \"content\": [" + json + "]}]}")
                        .messages()
                        .get(0)
                        .parts()
                        .stream()
                        .map(part -> part instanceof TextPart text
                                ? text.text()
                                : ((ImagePart) part).image().name())
                        .collect(Collectors.joining(";")))
                .isEqualTo(expected);
    }

    @Test
    void refusesARoleItDoesNotKnow() {
        assertThatThrownBy(() -> map("{\"messages\":[{\"role\":\"judge\",\"content\":\"42\"}]}"))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("messages[0].role must be system, developer, user, assistant or tool, but is \"judge\"");
    }

    @Test
    void refusesAConversationWithoutMessages() {
        assertThatThrownBy(() -> map("{\"messages\":[]}"))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("messages must hold at least one message");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "none",
            value = {
                "low  | none   | 256",
                "low  | 100000 | 256",
                "high | none   | none",
                "auto | 900000 | none",
            })
    void capsAPictureOfLowDetailAt256Tokens(String detail, Integer maxPixels, Integer maxTokens) {
        assertThat(limits(detail, null, maxPixels)).isEqualTo(new PixelLimits(null, maxPixels, maxTokens));
    }

    @Test
    void refusesADetailItDoesNotKnow() {
        assertThatThrownBy(() -> limits("sharp", null, null))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage(
                        "messages[0].content[0].image_url.detail must be low, high, original or auto, but is \"sharp\"");
    }

    @Test
    void refusesLimitsThatContradictEachOther() {
        assertThatThrownBy(() -> limits(null, 5000, 4000))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("messages[0].content[0].min_pixels must not be above max_pixels (4000), but is 5000");
    }

    @Test
    void fetchesNoPictureForARequestThatIsWrongAnyway() {
        ChatCompletionRequest request = ChatCompletionReader.read(
                "{\"temperature\": 9, \"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\",\"image_url\":\"a\"}]}]}");

        assertThatThrownBy(() -> ChatRequestMapper.toChatRequest(request, url -> {
                    throw new AssertionError("fetched " + url);
                }))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageStartingWith("temperature");
    }

    private static PixelLimits limits(String detail, Integer minPixels, Integer maxPixels) {
        ImageContent image = new ImageContent(new ImageContent.ImageUrl("a.png", detail), minPixels, maxPixels);
        ChatCompletionRequest request = ChatCompletionRequest.builder()
                .messages(List.of(new RequestMessage("user", List.of(image))))
                .build();
        Message message = map(request).messages().get(0);
        return ((ImagePart) message.parts().get(0)).limits();
    }

    private static ChatRequest mapOptions(String options) {
        return map("{\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]," + options + "}");
    }

    private static ChatRequest map(String body) {
        return map(ChatCompletionReader.read(body));
    }

    private static ChatRequest map(ChatCompletionRequest request) {
        return ChatRequestMapper.toChatRequest(request, url -> new EncodedImage(url, PICTURE));
    }
}
