package io.github.camelvlm.openai;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelvlm.chat.ChatRequest;
import io.github.camelvlm.chat.EncodedImage;
import io.github.camelvlm.chat.ImagePart;
import io.github.camelvlm.chat.Message;
import io.github.camelvlm.chat.Part;
import io.github.camelvlm.chat.PixelLimits;
import io.github.camelvlm.chat.RepetitionBounds;
import io.github.camelvlm.chat.Role;
import io.github.camelvlm.chat.SamplingOptions;
import io.github.camelvlm.chat.TextPart;
import io.github.camelvlm.chat.ToolCall;
import io.github.camelvlm.chat.ToolChoice;
import io.github.camelvlm.chat.ToolDefinition;
import io.github.camelvlm.chat.Tools;
import io.github.camelvlm.fetch.DataUrl;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChatRequestWriterTest {
    private static final byte[] PICTURE = {(byte) 0x89, 'P', 'N', 'G', 1, 2, 3};
    private static final PixelLimits SMALL = new PixelLimits(3136, 100_000);
    private static final PixelLimits LARGE = new PixelLimits(null, 900_000);

    private static Message picture(PixelLimits... limits) {
        List<Part> parts = new ArrayList<>();
        for (PixelLimits each : limits) {
            parts.add(new ImagePart(new EncodedImage("p", PICTURE), each, "messages[0].content[" + parts.size() + "]"));
        }
        return new Message(Role.USER, parts);
    }

    private static ChatCompletionRequest written(ChatRequest request) {
        return ChatRequestWriter.write(
                        request, "m", picture -> Base64.getEncoder().encodeToString(picture.bytes()))
                .build();
    }

    /** Written as JSON and read again, as a server does. */
    private static ChatRequest readAgain(ChatRequest request) {
        String json = written(request).toJson();
        return ChatRequestMapper.toChatRequest(ChatCompletionReader.read(json), url -> {
            byte[] bytes = DataUrl.decode("p", url, 1000);
            assertThat(bytes).isEqualTo(PICTURE);
            return new EncodedImage("p", PICTURE);
        });
    }

    @Test
    void writesATopPOfZeroInAFormThatVllmTakes() {
        ChatRequest request = new ChatRequest(
                List.of(Message.of(Role.USER, "Hi")),
                SamplingOptions.builder().topP(0.0).temperature(1.0).build(),
                null);

        ChatCompletionRequest written = written(request);

        assertThat(written.topP()).isNull();
        assertThat(written.temperature()).isZero();
    }

    /** It has no fewest tokens of all together. Passages of 22 are there three times in 66, of which shorter ones are a part. */
    @Test
    void writesInVllmsWordsHowOftenAnAnswerMayRepeatItself() {
        assertThat(RepetitionDetection.of(RepetitionBounds.OF_TEXT)).isEqualTo(new RepetitionDetection(1024, 22, 3));
        assertThat(RepetitionDetection.of(RepetitionBounds.OF_FORM)).isEqualTo(new RepetitionDetection(1024, 342, 3));
        assertThat(RepetitionDetection.of(RepetitionBounds.OFF).bounds()).isEqualTo(RepetitionBounds.OFF);
        assertThat(RepetitionDetection.of(null)).isNull();
    }

    @Test
    void writesWhatTheMapperReadsBack() {
        ChatRequest request = new ChatRequest(
                List.of(
                        Message.of(Role.SYSTEM, "Be brief."),
                        new Message(
                                Role.USER,
                                List.of(
                                        new TextPart("Look: "),
                                        new ImagePart(new EncodedImage("p", PICTURE), SMALL, "messages[1].content[1]"),
                                        new TextPart("What is \"this\"?\n"))),
                        new Message(
                                Role.ASSISTANT,
                                List.of(),
                                List.of(new ToolCall("a1", "look", "{\"at\": 1}"), new ToolCall("b2", "look", "{}"))),
                        Message.of(Role.TOOL, "a cat"),
                        Message.of(Role.TOOL, "a dog")),
                new Tools(
                        List.of(new ToolDefinition(
                                "look", "{\"type\": \"function\", \"function\": {\"name\": \"look\"}}")),
                        ToolChoice.named("look")),
                new SamplingOptions(
                        300,
                        0.7,
                        0.9,
                        0,
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
                        null),
                null);

        assertThat(readAgain(request)).isEqualTo(request);
    }

    @ParameterizedTest
    @CsvSource({"NONE, true", "AUTO, true", "AUTO, false", "REQUIRED, true"})
    void writesWhetherToolsMayBeCalled(ToolChoice.Mode mode, boolean severalAtOnce) {
        ChatRequest request = new ChatRequest(
                List.of(Message.of(Role.USER, "Hi")),
                new Tools(
                        List.of(new ToolDefinition(
                                "look", "{\"type\": \"function\", \"function\": {\"name\": \"look\"}}")),
                        new ToolChoice(mode, null),
                        severalAtOnce),
                SamplingOptions.NONE,
                null);

        assertThat(readAgain(request)).isEqualTo(request);
    }

    @Test
    void keepsTheLimitsOfPicturesThatDiffer() {
        ChatRequest request = new ChatRequest(List.of(picture(SMALL, LARGE)), SamplingOptions.NONE, null);

        assertThat(readAgain(request)).isEqualTo(request);
    }

    @Test
    void writesSharedLimitsWhereVllmReadsThem() {
        ChatRequest request = new ChatRequest(List.of(picture(SMALL, SMALL)), SamplingOptions.NONE, null);

        ChatCompletionRequest written = written(request);

        assertThat(written.mmProcessorKwargs()).isEqualTo(new MmProcessorKwargs(3136, 100_000));
        assertThat(readAgain(request)).isEqualTo(request);
    }

    @Test
    void namesTheCallThatEachResultOfAToolBelongsTo() {
        ChatRequest request = new ChatRequest(
                List.of(
                        new Message(
                                Role.ASSISTANT,
                                List.of(),
                                List.of(new ToolCall("a1", "look", "{}"), new ToolCall("b2", "look", "{}"))),
                        Message.of(Role.TOOL, "a cat"),
                        Message.of(Role.TOOL, "a dog")),
                SamplingOptions.NONE,
                null);

        assertThat(written(request).messages())
                .extracting(RequestMessage::toolCallId)
                .containsExactly(null, "a1", "b2");
    }

    @Test
    void writesNothingThatIsNotSet() {
        ChatRequest request = new ChatRequest(List.of(Message.of(Role.USER, "Hi")), SamplingOptions.NONE, null);

        assertThat(written(request).toJson())
                .isEqualTo("{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}");
    }

    @ParameterizedTest
    @CsvSource({
        "89504E470D0A1A0A, image/png",
        "FFD8FFE1, image/jpeg",
        "474946383961, image/gif",
        "424D, image/bmp",
        "49492A00, image/tiff",
        "4D4D002A, image/tiff",
        "49492B00, image/tiff",
        "524946460000000057454250, image/webp",
        "384250530001, image/vnd.adobe.photoshop",
        "000001000100, image/vnd.microsoft.icon",
        "50360A, image/x-portable-anymap",
        "FF, image/png"
    })
    void tellsTheTypeOfAPictureByItsFirstBytes(String hex, String type) {
        assertThat(DataUrlWriter.beginning(HexFormat.of().parseHex(hex))).isEqualTo("data:" + type + ";base64,");
    }
}
