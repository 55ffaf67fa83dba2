package io.github.camelvlm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.camelvlm.chat.InvalidRequestException;
import io.github.camelvlm.chat.UnusableAnswerException;
import io.github.camelvlm.goldens.GoldenCase;
import io.github.camelvlm.openai.ChatCompletion;
import io.github.camelvlm.openai.ChunkStream;
import io.github.camelvlm.openai.JsonBody;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.builder.RouteBuilder;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDPageContentStream;
import org.apache.pdfbox.pdmodel.common.PDRectangle;
import org.apache.pdfbox.pdmodel.graphics.image.PDImageXObject;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers that repeat themselves: words that the model has said become the likelier ones. */
@Timeout(120)
class RepetitionGuardTest extends VlmTestSupport {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MAX_TOKENS = 400;
    private static final String REPEATING =
            MODEL + "&temperature=0&repetitionPenalty=0.3&maxPixels=12544&maxTokens=" + MAX_TOKENS;
    private static final String DESCRIBE = "vlm:describe?" + REPEATING;

    /** The word that it says for ever in the end. */
    private static final String WORD = " diamond";

    private final List<JsonNode> chunks = new ArrayList<>();

    @Override
    protected RouteBuilder createRouteBuilder() {
        return new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:streamed").to("vlm:chat?" + REPEATING).process(exchange -> {
                    // Chunks are made while the exchange lasts.
                    try (ChunkStream stream = exchange.getMessage().getBody(ChunkStream.class)) {
                        while (stream.hasNext()) {
                            chunks.add(json(stream.next()).at("/choices/0"));
                        }
                    }
                });
            }
        };
    }

    private static byte[] picture() {
        return GoldenCase.picture(ONE_SHAPE).bytes();
    }

    private static byte[] pdf(int pages) throws IOException {
        try (PDDocument document = new PDDocument()) {
            for (int i = 0; i < pages; i++) {
                PDPage page = new PDPage(new PDRectangle(112, 112));
                document.addPage(page);
                PDImageXObject image = PDImageXObject.createFromByteArray(document, picture(), ONE_SHAPE);
                try (PDPageContentStream content = new PDPageContentStream(document, page)) {
                    content.drawImage(image, 0, 0, 112, 112);
                }
            }
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            document.save(bytes);
            return bytes.toByteArray();
        }
    }

    private Message describe(String options, Object body, Map<String, Object> headers) throws Exception {
        return send(DESCRIBE + options, exchange -> {
                    exchange.getMessage().setBody(body);
                    exchange.getMessage().setHeaders(headers);
                })
                .getMessage();
    }

    private Message describe(String options, Object body) throws Exception {
        return describe(options, body, new HashMap<>());
    }

    private static void assertEnded(Message answer) {
        assertThat(answer.getHeader(VlmConstants.FINISH_REASON)).isEqualTo("repetition");
        assertThat(answer.getHeader(VlmConstants.COMPLETION_TOKENS, Integer.class))
                .isBetween(65, 150);
    }

    private static void assertWhole(Message answer) {
        assertThat(answer.getHeader(VlmConstants.FINISH_REASON)).isEqualTo("length");
        assertThat(answer.getHeader(VlmConstants.COMPLETION_TOKENS)).isEqualTo(MAX_TOKENS);
    }

    @Test
    void endsTheAnswerAboutADocumentWithoutBeingAsked() throws Exception {
        Message answer = describe("", pdf(1));

        assertEnded(answer);
        assertThat(answer.getBody(String.class))
                .startsWith("A small small")
                .contains("yellow")
                .endsWith(WORD.repeat(64))
                .doesNotContain(WORD.repeat(65));
    }

    @Test
    void endsTheAnswerAboutEachPageOfADocument() throws Exception {
        Message answer = describe("&perPage=true", pdf(2));

        assertThat(answer.getHeader(VlmConstants.PAGE_FINISH_REASONS))
                .isEqualTo(Map.of(1, "repetition", 2, "repetition"));

        assertThat(answer.getBody())
                .asInstanceOf(InstanceOfAssertFactories.LIST)
                .hasSize(2)
                .allSatisfy(page ->
                        assertThat((String) page).endsWith(WORD.repeat(64)).doesNotContain(WORD.repeat(65)));
    }

    @Test
    void leavesTheAnswerAboutAPictureAloneUnlessAsked() throws Exception {
        assertWhole(describe("", picture()));
        assertEnded(describe("&repetitionGuard=on", picture()));
        assertEnded(describe("", picture(), headers("on")));
        assertThat(describe("&perPage=true", List.of(picture()))
                        .getBody(List.class)
                        .get(0))
                .asString()
                .contains(WORD.repeat(65));
    }

    private static Map<String, Object> headers(Object guard) {
        return new HashMap<>(Map.of(VlmConstants.REPETITION_GUARD, guard));
    }

    @Test
    void leavesTheAnswerAboutADocumentAloneIfAsked() throws Exception {
        assertWhole(describe("&repetitionGuard=off", pdf(1)));
        assertWhole(describe("", pdf(1), headers("OFF")));
        assertEnded(describe("&repetitionGuard=off", pdf(1), headers("auto")));
    }

    @Test
    void saysWhatTheOptionAndTheHeaderMayBe() {
        assertThatThrownBy(() -> describe("&repetitionGuard=maybe", picture()))
                .rootCause()
                .hasMessageContaining("repetitionGuard");
        assertThatThrownBy(() -> describe("", picture(), headers("maybe")))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage(VlmConstants.REPETITION_GUARD + " must be auto, on or off, but is \"maybe\"");
    }

    private static String request(String more) throws IOException {
        String data = "data:application/pdf;base64," + Base64.getEncoder().encodeToString(pdf(1));
        return "{\"messages\": [{\"role\": \"user\", \"content\": [{\"type\": \"image_url\", \"image_url\": {\"url\": \""
                + data + "\"}}, {\"type\": \"text\", \"text\": \"Describe this image.\"}]}]" + more + "}";
    }

    private Exchange chat(String more) throws Exception {
        return send("vlm:chat?" + REPEATING, exchange -> exchange.getMessage().setBody(request(more)));
    }

    private static JsonNode json(JsonBody body) throws IOException {
        return JSON.readTree(body.toJson());
    }

    @Test
    void tellsItInAChatAsOpenAisClientsAndThoseOfVllmReadIt() throws Exception {
        ChatCompletion completion = chat("").getMessage().getBody(ChatCompletion.class);
        JsonNode choice = json(completion).at("/choices/0");

        assertThat(choice.path("finish_reason").asText()).isEqualTo("length");
        assertThat(choice.path("stop_reason").asText()).isEqualTo("repetition_detected");
        assertThat(choice.path("vlm_finish_reason").asText()).isEqualTo("repetition");
        assertThat(choice.at("/message/content").asText())
                .endsWith(WORD.repeat(64))
                .doesNotContain(WORD.repeat(65));
    }

    @Test
    void streamsTheSameWordsAsItAnswersWhole() throws Exception {
        String whole = json(chat("").getMessage().getBody(ChatCompletion.class))
                .at("/choices/0/message/content")
                .asText();
        send("direct:streamed", exchange -> exchange.getMessage().setBody(request(", \"stream\": true")));
        StringBuilder streamed = new StringBuilder();
        for (JsonNode choice : chunks) {
            streamed.append(choice.at("/delta/content").asText(""));
        }
        JsonNode last = chunks.get(chunks.size() - 1);

        assertThat(streamed).hasToString(whole);
        assertThat(last.path("finish_reason").asText()).isEqualTo("length");
        assertThat(last.path("stop_reason").asText()).isEqualTo("repetition_detected");
        assertThat(last.path("vlm_finish_reason").asText()).isEqualTo("repetition");
    }

    @Test
    void endsEachOfSeveralAnswersByItself() throws Exception {
        JsonNode choices = json(chat(", \"n\": 3").getMessage().getBody(ChatCompletion.class))
                .path("choices");

        assertThat(choices)
                .hasSize(3)
                .allSatisfy(choice ->
                        assertThat(choice.path("vlm_finish_reason").asText()).isEqualTo("repetition"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    {"max_pattern_size": 4, "min_pattern_size": 1, "min_count": 10} | 10
                    {"max_pattern_size": 20, "min_pattern_size": 20, "min_count": 5} | 100
                    """)
    void letsARequestSayTheBoundsThemselves(String detection, int times) throws Exception {
        JsonNode choice = json(chat(", \"repetition_detection\": " + detection)
                        .getMessage()
                        .getBody(ChatCompletion.class))
                .at("/choices/0");
        String word = times == 10 ? " small" : WORD;

        assertThat(choice.path("stop_reason").asText()).isEqualTo("repetition_detected");
        assertThat(choice.at("/message/content").asText()).endsWith(word.repeat(times));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"max_pattern_size\": 0}"})
    void letsARequestTurnItOff(String detection) throws Exception {
        JsonNode choice = json(chat(", \"repetition_detection\": " + detection)
                        .getMessage()
                        .getBody(ChatCompletion.class))
                .at("/choices/0");

        assertThat(choice.path("finish_reason").asText()).isEqualTo("length");
        assertThat(choice.has("stop_reason")).isFalse();
        assertThat(choice.has("vlm_finish_reason")).isFalse();
    }

    @Test
    void letsDataHaveManyEqualEntriesAndEndsItAtLast() throws Exception {
        String schema = "{\"type\":\"array\",\"items\":{\"enum\":[0]},\"minItems\":%d,\"maxItems\":%d}";
        String extract = "vlm:extract?" + MODEL + "&temperature=0&maxPixels=12544&maxTokens=3000";

        Object zeros = send(extract, exchange -> {
                    exchange.getMessage().setBody(pdf(1));
                    exchange.getMessage().setHeader(VlmConstants.JSON_SCHEMA, schema.formatted(150, 150));
                })
                .getMessage()
                .getBody();

        assertThat(zeros)
                .asInstanceOf(InstanceOfAssertFactories.LIST)
                .hasSize(150)
                .containsOnly(0);
        assertThatThrownBy(() -> send(extract, exchange -> {
                    exchange.getMessage().setBody(pdf(1));
                    exchange.getMessage().setHeader(VlmConstants.JSON_SCHEMA, schema.formatted(1300, 1300));
                }))
                .isInstanceOf(UnusableAnswerException.class)
                .hasMessageStartingWith("The answer was cut before its JSON was whole, since it repeats itself")
                .hasMessageContaining("repetitionGuard");
    }
}
