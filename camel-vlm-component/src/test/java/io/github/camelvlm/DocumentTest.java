package io.github.camelvlm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.camelvlm.chat.InvalidRequestException;
import io.github.camelvlm.chat.UnreadablePictureException;
import io.github.camelvlm.exchange.PageAnswer;
import io.github.camelvlm.exchange.PageLog;
import io.github.camelvlm.goldens.GoldenCase;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import org.apache.camel.Message;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.cos.COSName;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDPageContentStream;
import org.apache.pdfbox.pdmodel.common.PDRectangle;
import org.apache.pdfbox.pdmodel.graphics.image.PDImageXObject;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

/** Documents wherever pictures are taken. */
class DocumentTest extends VlmTestSupport {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String DESCRIBE = "vlm:describe?" + MODEL + "&temperature=0&maxPixels=12544";

    /** A page for each colour, with a shape on it as the model has learnt to see them. */
    private static byte[] pdf(String... pictures) throws IOException {
        try (PDDocument document = new PDDocument()) {
            for (String picture : pictures) {
                PDPage page = new PDPage(new PDRectangle(112, 112));
                document.addPage(page);
                PDImageXObject image = PDImageXObject.createFromByteArray(
                        document, GoldenCase.picture(picture).bytes(), picture);
                try (PDPageContentStream content = new PDPageContentStream(document, page)) {
                    content.drawImage(image, 0, 0, 112, 112);
                }
            }
            return bytes(document);
        }
    }

    private static byte[] bytes(PDDocument document) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        document.save(bytes);
        return bytes.toByteArray();
    }

    private static byte[] tiff(int pages) throws IOException {
        ImageWriter writer = ImageIO.getImageWritersByFormatName("tiff").next();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ImageOutputStream stream = ImageIO.createImageOutputStream(bytes)) {
            writer.setOutput(stream);
            writer.prepareWriteSequence(null);
            for (int i = 0; i < pages; i++) {
                BufferedImage image = new BufferedImage(30, 20, BufferedImage.TYPE_INT_RGB);
                writer.writeToSequence(new IIOImage(image, null, null), null);
            }
            writer.endWriteSequence();
        } finally {
            writer.dispose();
        }
        return bytes.toByteArray();
    }

    private Message describe(String options, Object body) throws Exception {
        return send(DESCRIBE + options, exchange -> exchange.getMessage().setBody(body))
                .getMessage();
    }

    private static String golden(String picture) {
        return GoldenCase.shapes("describe " + picture).text("text");
    }

    /** More pages than are asked about at once, of which no two halves are alike. */
    @Test
    void answersAboutEachPageInItsOrder() throws Exception {
        String[] pictures = new String[11];
        Arrays.fill(pictures, "two-shapes.png");
        pictures[0] = "one-shape.png";
        pictures[8] = "one-shape.png";
        Message answer = describe("&perPage=true", pdf(pictures));

        assertThat(answer.getBody())
                .isEqualTo(Arrays.stream(pictures).map(DocumentTest::golden).toList());
        assertThat(answer.getHeaders()).doesNotContainKey(VlmConstants.PAGE_FAILURES);
    }

    @Test
    void countsThePromptOfEachPage() throws Exception {
        Message one = describe("&perPage=true", pdf("one-shape.png"));
        Message two = describe("&perPage=true", pdf("one-shape.png", "one-shape.png"));

        assertThat(two.getHeader(VlmConstants.PROMPT_TOKENS, Integer.class))
                .isEqualTo(2 * one.getHeader(VlmConstants.PROMPT_TOKENS, Integer.class));
    }

    /** Knows how many of the first pages have an answer, and what it was told. */
    private static final class KnownPages implements PageLog {
        private final int known;
        private final List<PageAnswer> told = new ArrayList<>();
        private String document;

        KnownPages(int known) {
            this.known = known;
        }

        @Override
        public int begin(String digest, int[] pages) {
            document = digest;
            assertThat(pages).containsExactly(1, 2, 3);
            return known;
        }

        @Override
        public void add(PageAnswer page) {
            told.add(page);
        }

        @Override
        public boolean hasAnswer() {
            return known > 0 || told.stream().anyMatch(page -> page.completion() != null);
        }
    }

    private Message describe(KnownPages log, String prompt, byte[] pdf) throws Exception {
        return send(DESCRIBE, exchange -> {
                    exchange.setProperty(VlmConstants.PAGE_LOG, log);
                    exchange.getMessage().setHeader(VlmConstants.PROMPT, prompt);
                    exchange.getMessage().setBody(pdf);
                })
                .getMessage();
    }

    @Test
    void asksOnlyAboutPagesThatALogDoesNotKnowAndTellsItOfThem() throws Exception {
        byte[] pdf = pdf("one-shape.png", "two-shapes.png", "one-shape.png");
        KnownPages none = new KnownPages(0);
        KnownPages some = new KnownPages(2);
        KnownPages all = new KnownPages(3);
        describe(none, "Describe this image.", pdf);
        Message last = describe(some, "Describe this image.", pdf);
        Message nothing = describe(all, "What is this?", pdf);

        assertThat(none.told).extracting(PageAnswer::page).containsExactly(1, 2, 3);
        assertThat(some.told).singleElement().satisfies(page -> {
            assertThat(page.page()).isEqualTo(3);
            assertThat(page.completion().text()).isEqualTo(golden("one-shape.png"));
            assertThat(page.completion().confidence()).isPresent();
        });
        assertThat(last.getBody(List.class).size()).isEqualTo(1);
        assertThat(all.told).isEmpty();
        assertThat(nothing.getHeader(VlmConstants.RESPONSE_MODEL)).isEqualTo("shapes-vl");
        // By the file and by what is asked of it.
        assertThat(some.document).isEqualTo(none.document).isNotEqualTo(all.document);
    }

    @Test
    void describesWhatIsNoDocumentAsEverBesideALog() throws Exception {
        KnownPages log = new KnownPages(0);
        Message answer = describe(
                log, "Describe this image.", GoldenCase.picture("one-shape.png").bytes());

        assertThat(answer.getBody(String.class)).isEqualTo(golden("one-shape.png"));
        assertThat(log.told).isEmpty();
    }

    @Test
    void answersOnceAboutThePagesThatAreChosen() throws Exception {
        assertThat(describe("&pages=2", pdf("two-shapes.png", "one-shape.png")).getBody(String.class))
                .isEqualTo(golden("one-shape.png"));
        Message last = send(DESCRIBE, exchange -> {
                    exchange.getMessage().setBody(pdf("two-shapes.png", "one-shape.png"));
                    exchange.getMessage().setHeader(VlmConstants.PAGES, "last");
                })
                .getMessage();
        assertThat(last.getBody(String.class)).isEqualTo(golden("one-shape.png"));
        assertThat(describe("", pdf("one-shape.png", "two-shapes.png")).getHeader(VlmConstants.IMAGE_COUNT))
                .isEqualTo(2);
    }

    @Test
    void extractsDataOfEachPage() throws Exception {
        String schema = "{\"type\":\"object\",\"properties\":{\"color\":{\"enum\":[\"red\",\"green\",\"blue\"]}},"
                + "\"required\":[\"color\"],\"additionalProperties\":false}";
        Object body = send("vlm:extract?" + MODEL + "&temperature=0&maxPixels=12544&perPage=true", exchange -> {
                    exchange.getMessage().setBody(pdf("one-shape.png", "one-shape.png"));
                    exchange.getMessage().setHeader(VlmConstants.JSON_SCHEMA, schema);
                })
                .getMessage()
                .getBody();

        assertThat(body)
                .asInstanceOf(InstanceOfAssertFactories.LIST)
                .hasSize(2)
                .allSatisfy(page ->
                        assertThat(((Map<?, ?>) page).keySet().toString()).isEqualTo("[color]"));
    }

    @Test
    void tellsOfAPageThatCannotBeRenderedAndAnswersAboutTheOthers() throws Exception {
        byte[] pdf;
        try (PDDocument document = Loader.loadPDF(pdf("one-shape.png", "one-shape.png"))) {
            document.getPage(0).getCOSObject().setItem(COSName.RESOURCES, COSName.PAGE);
            document.getPage(0).setCropBox(new PDRectangle(0, 0));
            document.getPage(0).setMediaBox(new PDRectangle(0, 0));
            pdf = bytes(document);
        }
        Message answer = describe("&perPage=true", pdf);

        assertThat(answer.getBody(List.class).get(1)).isEqualTo(golden("one-shape.png"));
        assertThat(answer.getBody(List.class).get(0)).isNull();
        assertThat(answer.getHeader(VlmConstants.PAGE_FAILURES, Map.class).get(1))
                .asString()
                .startsWith("page 1 of ");
    }

    @Test
    void leavesNoFailureOfAnEarlierDocumentInTheHeadersOfTheNextAnswer() throws Exception {
        Message answer = send(DESCRIBE, exchange -> {
                    exchange.getMessage().setBody(pdf("one-shape.png"));
                    exchange.getMessage().setHeader(VlmConstants.PAGE_FAILURES, Map.of(1, "of an earlier one"));
                    exchange.getMessage().setHeader(VlmConstants.PAGE_FINISH_REASONS, Map.of(1, "length"));
                })
                .getMessage();

        assertThat(answer.getBody(String.class)).isEqualTo(golden("one-shape.png"));
        assertThat(answer.getHeaders())
                .doesNotContainKeys(VlmConstants.PAGE_FAILURES, VlmConstants.PAGE_FINISH_REASONS);
    }

    @Test
    void showsPagesOverHttpAsOpenAisClientsSendThem() throws Exception {
        String data = "data:application/pdf;base64," + Base64.getEncoder().encodeToString(pdf("one-shape.png"));
        for (Map<String, Object> part : List.of(
                Map.<String, Object>of("type", "file", "file", Map.of("filename", "a.pdf", "file_data", data)),
                Map.<String, Object>of("type", "image_url", "image_url", Map.of("url", data)))) {
            Map<String, Object> request = Map.of(
                    "max_tokens",
                    40,
                    "messages",
                    List.of(Map.of(
                            "role",
                            "user",
                            "content",
                            List.of(part, Map.of("type", "text", "text", "Describe this image.")))));
            String answer = send(
                            "vlm:chat?" + MODEL + "&temperature=0&maxPixels=12544",
                            exchange -> exchange.getMessage().setBody(JSON.writeValueAsString(request)))
                    .getMessage()
                    .getBody(String.class);
            assertThat(JSON.readTree(answer).at("/choices/0/message/content").asText())
                    .isEqualTo(golden("one-shape.png"));
        }
    }

    @Test
    void describesFilmsAndListsOfFrames() throws Exception {
        byte[] film = Files.readAllBytes(Path.of("../samples/videos/circle-then-square.mp4"));

        assertThat(describe("", film).getBody(String.class))
                .isEqualTo("A red circle to the left of a blue square, on a white background.");
        byte[] frame = GoldenCase.picture("one-shape.png").bytes();
        assertThat(describe("&video=true", List.of(frame, frame)).getBody(String.class))
                .isEqualTo(golden("one-shape.png"));
    }

    @Test
    void saysWhatIsWrongWithADocument() throws Exception {
        byte[] pdf = pdf("one-shape.png");
        assertThatThrownBy(() -> describe("&pages=2", pdf))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("pages names 2, but the document has 1 pages");
        assertThatThrownBy(() -> describe("&maxPages=1", pdf("one-shape.png", "one-shape.png")))
                .hasMessageContaining("raise maxPages");
        assertThatThrownBy(() -> describe("", Arrays.copyOf(pdf, 30)))
                .isInstanceOf(UnreadablePictureException.class)
                .hasMessageMatching("document in the body cannot be read, it is damaged \\([^:.]+\\)"
                        + ": save it anew, or send its pages as pictures");
    }

    /** Of a TIFF each page is as large as the file. Of these no six are held at once. */
    private static byte[] large(int pages) throws IOException {
        return Arrays.copyOf(
                tiff(pages), (int) Math.min(90_000_000, Runtime.getRuntime().maxMemory() / 23));
    }

    @Test
    void refusesPagesThatTakeMoreMemoryTogetherThanADocumentMay() throws Exception {
        byte[] large = large(50);
        assertThatThrownBy(() -> describe("", large))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("MiB that documents may: choose fewer by the option pages");
    }

    @Test
    void asksAboutMorePagesOneByOneThanMemoryHolds() throws Exception {
        Message answer = describe("&perPage=true&maxTokens=1", large(12));

        assertThat(answer.getBody())
                .asInstanceOf(InstanceOfAssertFactories.LIST)
                .hasSize(12)
                .doesNotContainNull();
        assertThat(answer.getHeaders()).doesNotContainKey(VlmConstants.PAGE_FAILURES);
    }
}
