package io.github.camelvlm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.camelvlm.chat.ContextLengthException;
import io.github.camelvlm.chat.InvalidRequestException;
import io.github.camelvlm.chat.UnreadablePictureException;
import io.github.camelvlm.goldens.GoldenCase;
import io.github.camelvlm.openai.ChatCompletion;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.File;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import javax.imageio.ImageIO;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.mock.MockEndpoint;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DescribeTest extends VlmTestSupport {
    private static final Path IMAGES = Path.of("src/test/resources/goldens/images");

    private static byte[] bytes() {
        return GoldenCase.picture(ONE_SHAPE).bytes();
    }

    @Test
    void describesAFile() throws Exception {
        assertThat(describe(IMAGES.resolve(ONE_SHAPE).toFile())).isEqualTo(ONE_SHAPE_CAPTION);
    }

    @Test
    void describesAPath() throws Exception {
        assertThat(describe(IMAGES.resolve(ONE_SHAPE))).isEqualTo(ONE_SHAPE_CAPTION);
    }

    @Test
    void describesBytes() throws Exception {
        assertThat(describe(bytes())).isEqualTo(ONE_SHAPE_CAPTION);
    }

    @Test
    void describesAByteBufferAndLeavesItAsItWas() throws Exception {
        byte[] padded = new byte[bytes().length + 7];
        System.arraycopy(bytes(), 0, padded, 7, bytes().length);
        ByteBuffer buffer = ByteBuffer.wrap(padded).position(7);

        assertThat(describe(buffer)).isEqualTo(ONE_SHAPE_CAPTION);
        assertThat(buffer.position()).isEqualTo(7);
    }

    @Test
    void describesAnInputStream() throws Exception {
        assertThat(describe(new ByteArrayInputStream(bytes()))).isEqualTo(ONE_SHAPE_CAPTION);
    }

    @Test
    void describesABufferedImageOfAnyKind() throws Exception {
        BufferedImage image = ImageIO.read(IMAGES.resolve(ONE_SHAPE).toFile());
        BufferedImage bgr = new BufferedImage(image.getWidth(), image.getHeight(), BufferedImage.TYPE_3BYTE_BGR);
        bgr.getGraphics().drawImage(image, 0, 0, null);

        assertThat(describe(image)).isEqualTo(ONE_SHAPE_CAPTION);
        assertThat(describe(bgr)).isEqualTo(ONE_SHAPE_CAPTION);
    }

    @Test
    void describesADataUrl() throws Exception {
        String url = "data:image/png;base64," + Base64.getEncoder().encodeToString(bytes());

        assertThat(describe(url)).isEqualTo(ONE_SHAPE_CAPTION);
    }

    @Test
    void describesSeveralPicturesInTheirOrder() throws Exception {
        GoldenCase golden = GoldenCase.shapes("two images");

        Exchange answer = send(
                "vlm:describe?" + MODEL + "&prompt=Describe each image.",
                exchange -> exchange.getMessage()
                        .setBody(List.of(
                                GoldenCase.picture("one-shape.png").bytes(),
                                IMAGES.resolve("three-shapes.jpg").toFile())));

        assertThat(answer.getMessage().getBody(String.class))
                .isEqualTo(golden.json().get("text").asText());
    }

    @Test
    void describesWhatAFileRouteReadsAndWhatStreamCachingKeeps(@TempDir Path inbox) throws Exception {
        Files.copy(IMAGES.resolve(ONE_SHAPE), inbox.resolve(ONE_SHAPE));
        MockEndpoint results = getMockEndpoint("mock:results");
        results.expectedBodiesReceived(ONE_SHAPE_CAPTION, ONE_SHAPE_CAPTION, ONE_SHAPE_CAPTION);
        context().addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("file:" + inbox + "?noop=true").to("direct:picture");
                from("direct:picture").to("vlm:describe?" + MODEL).to("mock:results");
                from("direct:twice").streamCache("true").multicast().to("direct:picture", "direct:picture");
            }
        });

        template().sendBody("direct:twice", new ByteArrayInputStream(bytes()));

        results.assertIsSatisfied();
    }

    @Test
    void tellsHowTheAnswerCameAbout() throws Exception {
        Message answer = send(
                        "vlm:describe?" + MODEL,
                        exchange -> exchange.getMessage().setBody(bytes()))
                .getMessage();

        assertThat(answer.getHeader(VlmConstants.RESPONSE_MODEL)).isEqualTo("shapes-vl");
        assertThat(answer.getHeader(VlmConstants.FINISH_REASON)).isEqualTo("stop");
        assertThat(answer.getHeader(VlmConstants.PROMPT_TOKENS)).isEqualTo(41);
        assertThat(answer.getHeader(VlmConstants.COMPLETION_TOKENS, Integer.class))
                .isPositive();
        assertThat(answer.getHeader(VlmConstants.TOTAL_TOKENS, Integer.class))
                .isEqualTo(41 + answer.getHeader(VlmConstants.COMPLETION_TOKENS, Integer.class));
        assertThat(answer.getHeader(VlmConstants.IMAGE_WIDTH)).isEqualTo(112);
        assertThat(answer.getHeader(VlmConstants.IMAGE_HEIGHT)).isEqualTo(112);
        assertThat(answer.getHeader(VlmConstants.TIME_TO_FIRST_TOKEN_MILLIS, Long.class))
                .isBetween(0L, answer.getHeader(VlmConstants.TOTAL_MILLIS, Long.class));
    }

    @Test
    void tellsHowSureTheModelWasOfItsTokens() throws Exception {
        Message answer = send(
                        "vlm:describe?" + MODEL + "&temperature=0&storeFullResponse=true",
                        exchange -> exchange.getMessage().setBody(bytes()))
                .getMessage();

        double expected =
                GoldenCase.shapes("describe one-shape.png").json().get("logprobs").findValues("logprob").stream()
                        .mapToDouble(JsonNode::asDouble)
                        .map(Math::exp)
                        .average()
                        .orElseThrow();
        assertThat(answer.getHeader(VlmConstants.CONFIDENCE, Double.class)).isCloseTo(expected, within(1e-3));
        ChatCompletion kept = answer.getExchange().getProperty(VlmConstants.RESPONSE, ChatCompletion.class);
        assertThat(kept.choices().get(0).logprobs()).isNull();
    }

    @Test
    void asksWhatTheHeaderSaysBeforeWhatTheOptionSays() throws Exception {
        String endpoint = "vlm:describe?" + MODEL + "&prompt=List the objects as JSON.";

        String byHeader = ask(endpoint, VlmConstants.PROMPT, "Detect the yellow diamond.");
        String byOption = send(endpoint, exchange -> exchange.getMessage().setBody(bytes()))
                .getMessage()
                .getBody(String.class);

        assertThat(byHeader)
                .isEqualTo(GoldenCase.shapes("detect").json().get("text").asText());
        assertThat(byOption).startsWith("{\"objects\": [{");
    }

    @Test
    void asksWhatTheOptionSaysWhereTheHeaderIsEmpty() throws Exception {
        String endpoint = "vlm:describe?" + MODEL + "&prompt=List the objects as JSON.";

        for (String header : List.of(VlmConstants.PROMPT, VlmConstants.USER_MESSAGE)) {
            for (Object empty : List.of("", " \n", new byte[0])) {
                assertThat(ask(endpoint, header, empty)).startsWith("{\"objects\": [{");
            }
        }
    }

    @Test
    void startsNoRouteWhoseQuestionIsEmpty() {
        for (String option : List.of("prompt", "userMessage")) {
            assertThatThrownBy(() -> ask("vlm:describe?" + MODEL + "&" + option + "=", "other", "header"))
                    .hasStackTraceContaining(option + " must not be empty: write a question, or leave the option out");
        }
    }

    @Test
    void takesTheNamesOfCamelsOpenaiComponent() throws Exception {
        String byOption = send(
                        "vlm:describe?" + MODEL + "&userMessage=List the objects as JSON.",
                        exchange -> exchange.getMessage().setBody(bytes()))
                .getMessage()
                .getBody(String.class);

        assertThat(byOption).startsWith("{\"objects\": [{");
        assertThat(ask("vlm:describe?" + MODEL, VlmConstants.USER_MESSAGE, "List the objects as JSON."))
                .isEqualTo(byOption);
    }

    @Test
    void precedesTheConversationByTheSystemMessage() throws Exception {
        GoldenCase golden = GoldenCase.shapes("other system message");

        Exchange answer = send(
                "vlm:describe?" + MODEL + "&prompt=What's in this image?&systemMessage=Answer in one sentence.",
                exchange -> exchange.getMessage().setBody(bytes()));

        assertThat(answer.getMessage().getBody(String.class))
                .isEqualTo(golden.json().get("text").asText());
        assertThat(answer.getMessage().getHeader(VlmConstants.PROMPT_TOKENS))
                .isEqualTo(golden.json().get("prompt_tokens").asInt());
    }

    @Test
    void takesLengthStopTextsPixelsAndTimeFromHeaders() throws Exception {
        String endpoint = "vlm:describe?" + MODEL;

        assertThat(ask(endpoint, VlmConstants.MAX_TOKENS, "3").split(" ")).hasSizeLessThan(4);
        assertThat(ask(endpoint, VlmConstants.STOP, List.of(" diamond"))).isEqualTo("A small yellow");
        assertThat(send(endpoint, exchange -> {
                            exchange.getMessage().setBody(bytes());
                            exchange.getMessage().setHeader(VlmConstants.MIN_PIXELS, 112 * 224);
                            exchange.getMessage().setHeader(VlmConstants.MAX_PIXELS, 224 * 224);
                        })
                        .getMessage()
                        .getHeader(VlmConstants.PROMPT_TOKENS, Integer.class))
                .isGreaterThan(41);
        assertThat(send(endpoint, exchange -> {
                            exchange.getMessage().setBody(bytes());
                            exchange.getMessage().setHeader(VlmConstants.TIME_LIMIT, 1);
                        })
                        .getMessage()
                        .getHeader(VlmConstants.FINISH_REASON))
                .isEqualTo("time_limit");
    }

    private String ask(String endpoint, String header, Object value) throws Exception {
        return send(endpoint, exchange -> {
                    exchange.getMessage().setBody(bytes());
                    exchange.getMessage().setHeader(header, value);
                })
                .getMessage()
                .getBody(String.class);
    }

    @Test
    void refusesABodyThatIsNoPicture() {
        assertThatThrownBy(() -> describe(42))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("body must be a picture")
                .hasMessageContaining("java.lang.Integer");
        assertThatThrownBy(() -> describe(null)).hasMessageContaining("but is null");
        assertThatThrownBy(() -> describe(List.of())).hasMessageContaining("empty list");
        assertThatThrownBy(() -> describe("inbox/cat.png"))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("not a data URL")
                .hasMessageContaining("vlm:chat");
    }

    @Test
    void refusesAFileThatIsNotThere() {
        assertThatThrownBy(() -> describe(new File("no/such.png")))
                .isInstanceOf(UnreadablePictureException.class)
                .hasMessageContaining("There is no file no/such.png");
    }

    @Test
    void refusesWhatIsNotAPictureByItsName(@TempDir Path folder) throws Exception {
        Path text = Files.writeString(folder.resolve("letter.png"), "Dear reader, this is no picture at all.");
        Path empty = Files.createFile(folder.resolve("empty.png"));
        Path half = Files.write(folder.resolve("half.png"), Arrays.copyOf(bytes(), bytes().length / 2));

        assertThatThrownBy(() -> describe(text))
                .isInstanceOf(UnreadablePictureException.class)
                .hasMessageContaining("letter.png");
        assertThatThrownBy(() -> describe(empty))
                .isInstanceOf(UnreadablePictureException.class)
                .hasMessageContaining("empty.png is empty");
        assertThatThrownBy(() -> describe(half))
                .isInstanceOf(UnreadablePictureException.class)
                .hasMessageContaining("half.png")
                .hasMessageContaining("cut off");
    }

    @Test
    void tellsWhichPictureOfABodyIsNone() {
        byte[] none = {1, 2, 3};

        assertThatThrownBy(() -> describe(none)).hasMessageStartingWith("picture in the body is not a PNG");
        assertThatThrownBy(() -> describe(List.of(bytes(), none)))
                .hasMessageStartingWith("picture 2 of the body is not a PNG");
        assertThatThrownBy(() -> send(
                        "vlm:describe?" + MODEL + "&maxImageBytes=2",
                        exchange -> exchange.getMessage().setBody(new ByteArrayInputStream(none))))
                .hasMessageStartingWith("picture in the body is larger than 2 bytes");
    }

    @Test
    void refusesAPictureOfTooManyPixels() {
        assertThatThrownBy(() -> send(
                        "vlm:describe?model=" + GoldenCase.RANDOM_VL
                                + "&device=cpu&dtype=float32&threads=1&maxImagePixels=1000",
                        exchange -> exchange.getMessage().setBody(bytes())))
                .isInstanceOf(UnreadablePictureException.class)
                .hasMessageContaining("maxImagePixels");
    }

    @Test
    void refusesAPictureOfTooManyBytesBeforeItIsRead() {
        assertThatThrownBy(() -> send(
                        "vlm:describe?" + MODEL + "&maxImageBytes=100",
                        exchange -> exchange.getMessage().setBody(IMAGES.resolve(ONE_SHAPE))))
                .isInstanceOf(UnreadablePictureException.class)
                .hasMessageContaining("larger than 100 bytes")
                .hasMessageContaining("maxImageBytes");
        assertThatThrownBy(() -> send(
                        "vlm:describe?" + MODEL + "&maxImageBytes=100",
                        exchange -> exchange.getMessage().setBody(new ByteArrayInputStream(bytes()))))
                .hasMessageContaining("maxImageBytes");
    }

    @Test
    void refusesAPictureLikeARibbon() {
        BufferedImage ribbon = new BufferedImage(4000, 10, BufferedImage.TYPE_INT_RGB);

        assertThatThrownBy(() -> describe(ribbon))
                .isInstanceOf(UnreadablePictureException.class)
                .hasMessageContaining("200");
    }

    @Test
    void refusesAPromptLongerThanTheContext() {
        assertThatThrownBy(() -> ask("vlm:describe?" + MODEL, VlmConstants.PROMPT, "many words ".repeat(4000)))
                .isInstanceOf(ContextLengthException.class)
                .hasMessageContaining("contextLength");
    }

    @Test
    void refusesAHeaderOutOfItsRange() {
        assertThatThrownBy(() -> ask("vlm:describe?" + MODEL, VlmConstants.TEMPERATURE, 3))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("temperature must be between 0 and 2, but is 3.0");
        assertThatThrownBy(() -> ask("vlm:describe?" + MODEL, VlmConstants.PRESENCE_PENALTY, 5))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("presence_penalty must be between -2 and 2, but is 5.0");
        assertThatThrownBy(() -> ask("vlm:describe?" + MODEL, VlmConstants.MAX_TOKENS, "many"))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("CamelVlmMaxTokens")
                .hasMessageContaining("many");
    }
}
