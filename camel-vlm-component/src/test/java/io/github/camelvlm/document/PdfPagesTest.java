package io.github.camelvlm.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.camelvlm.chat.InvalidRequestException;
import io.github.camelvlm.media.ImageDecoder;
import io.github.camelvlm.media.ImageException;
import io.github.camelvlm.media.RgbImage;
import io.github.camelvlm.process.LeftFolders;
import java.awt.Color;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.pdfbox.cos.COSName;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDPageContentStream;
import org.apache.pdfbox.pdmodel.common.PDRectangle;
import org.apache.pdfbox.pdmodel.encryption.AccessPermission;
import org.apache.pdfbox.pdmodel.encryption.StandardProtectionPolicy;
import org.apache.pdfbox.pdmodel.graphics.color.PDDeviceGray;
import org.apache.pdfbox.pdmodel.graphics.color.PDDeviceRGB;
import org.apache.pdfbox.pdmodel.graphics.image.PDImageXObject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(90)
class PdfPagesTest {
    private static final Color[] COLOURS = {Color.RED, Color.GREEN, Color.BLUE};

    private LeftFolders left;

    @BeforeEach
    void rememberFolders() throws IOException {
        left = new LeftFolders("camel-vlm-document");
    }

    @AfterEach
    void leavesNoFileBehind() throws Exception {
        left.requireNone();
    }

    private static DocumentOptions options(String pages) {
        return new DocumentOptions(PageSelection.of("pages", pages), null, 100_000, 50, null);
    }

    private static byte[] bytes(PDDocument document) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        document.save(bytes);
        return bytes.toByteArray();
    }

    /** Each page has another colour all over. */
    private static PDDocument document(int pages) throws IOException {
        PDDocument document = new PDDocument();
        for (int i = 0; i < pages; i++) {
            PDPage page = new PDPage(PDRectangle.A4);
            document.addPage(page);
            try (PDPageContentStream content = new PDPageContentStream(document, page)) {
                content.setNonStrokingColor(COLOURS[i % 3]);
                content.addRect(0, 0, 1000, 1000);
                content.fill();
            }
        }
        return document;
    }

    private static List<DocumentPage> read(byte[] pdf, DocumentOptions options) {
        List<DocumentPage> read = new ArrayList<>();
        try (DocumentPages pages = Documents.open("letter.pdf", pdf, options, new CompletableFuture<>())) {
            pages.forEachRemaining(read::add);
        }
        return read;
    }

    private static RgbImage decoded(DocumentPage page) {
        return new ImageDecoder().decode("page", page.picture().bytes());
    }

    private static Color middle(RgbImage image) {
        int at = 3 * (image.height() / 2 * image.width() + image.width() / 2);
        return new Color(image.rgb()[at] & 0xFF, image.rgb()[at + 1] & 0xFF, image.rgb()[at + 2] & 0xFF);
    }

    @Test
    void showsThePagesThatAreWantedInTheirOrder() throws IOException {
        try (PDDocument document = document(200)) {
            byte[] pdf = bytes(document);
            assertThat(Documents.isDocument(pdf)).isTrue();
            List<DocumentPage> pages = read(pdf, options("199-last,2"));

            assertThat(pages).extracting(DocumentPage::number).containsExactly(199, 200, 2);
            assertThat(pages)
                    .extracting(page -> middle(decoded(page)))
                    .containsExactly(Color.RED, Color.GREEN, Color.GREEN);
            assertThat(pages.get(0).picture().name()).isEqualTo("page 199 of document letter.pdf");
        }
    }

    @Test
    void rendersAPageAsLargeAsItMayBeOrAsTheResolutionSays() throws IOException {
        try (PDDocument document = document(1)) {
            byte[] pdf = bytes(document);
            RgbImage fitting = decoded(read(pdf, options("all")).get(0));
            assertThat(fitting.width() * fitting.height()).isBetween(98_000, 100_500);

            DocumentOptions coarse = new DocumentOptions(PageSelection.ALL, 36, 1_000_000, 50, null);
            assertThat(decoded(read(pdf, coarse).get(0)).width()).isBetween(297, 298);
            DocumentOptions tooFine = new DocumentOptions(PageSelection.ALL, 600, 100_000, 50, null);
            assertThat(decoded(read(pdf, tooFine).get(0)).width()).isEqualTo(fitting.width());
        }
    }

    @Test
    void turnsAPageThatLies() throws IOException {
        try (PDDocument document = document(1)) {
            document.getPage(0).setRotation(90);
            RgbImage page = decoded(read(bytes(document), options("all")).get(0));
            assertThat(page.width()).isGreaterThan(page.height());
        }
    }

    @Test
    void opensWhatIsEncryptedByItsPassword() throws IOException {
        try (PDDocument document = document(1)) {
            document.protect(new StandardProtectionPolicy("owner", "secret", new AccessPermission()));
            byte[] pdf = bytes(document);
            DocumentOptions secret = new DocumentOptions(PageSelection.ALL, null, 10_000, 50, "secret");
            DocumentOptions wrong = new DocumentOptions(PageSelection.ALL, null, 10_000, 50, "guess");

            assertThat(middle(decoded(read(pdf, secret).get(0)))).isEqualTo(Color.RED);
            assertThatThrownBy(() -> read(pdf, options("all")))
                    .isInstanceOf(ImageException.class)
                    .hasMessage("document letter.pdf cannot be read, it is encrypted: give its password");
            assertThatThrownBy(() -> read(pdf, wrong)).hasMessageContaining("the password is not the right one");
        }
    }

    /** A form that draws another twice, which does the same, thirty times. */
    private static byte[] recursiveForms() {
        StringBuilder objects = new StringBuilder();
        objects.append("1 0 obj <</Type/Catalog/Pages 2 0 R>> endobj\n");
        objects.append("2 0 obj <</Type/Pages/Kids[3 0 R 4 0 R]/Count 2>> endobj\n");
        objects.append("3 0 obj <</Type/Page/Parent 2 0 R/MediaBox[0 0 100 100]/Contents 5 0 R"
                + "/Resources<</XObject<</F 10 0 R>>>>>> endobj\n");
        objects.append(
                "4 0 obj <</Type/Page/Parent 2 0 R/MediaBox[0 0 100 100]/Contents 6 0 R/Resources<<>>>> endobj\n");
        objects.append("5 0 obj <</Length 4>> stream\n/F Do\nendstream endobj\n");
        objects.append("6 0 obj <</Length 24>> stream\n0 0 1 rg 0 0 100 100 re f\nendstream endobj\n");
        for (int i = 0; i < 40; i++) {
            String twice = "/F Do /F Do";
            objects.append((10 + i) + " 0 obj <</Type/XObject/Subtype/Form/BBox[0 0 100 100]/Resources<</XObject<</F "
                    + (11 + i) + " 0 R>>>>/Length " + twice.length() + ">> stream\n" + twice + "\nendstream endobj\n");
        }
        objects.append(
                "50 0 obj <</Type/XObject/Subtype/Form/BBox[0 0 100 100]/Length 1>> stream\nn\nendstream endobj\n");
        return ("%PDF-1.7\n" + objects + "trailer <</Root 1 0 R>>\n%%EOF").getBytes(StandardCharsets.ISO_8859_1);
    }

    @Test
    void endsAPageWithoutEndAndGoesOnWithTheNext() {
        List<DocumentPage> pages = new ArrayList<>();
        try (PdfPages open = PdfPages.open(
                "letter.pdf", recursiveForms(), options("all"), Duration.ofSeconds(2), new CompletableFuture<>())) {
            open.forEachRemaining(pages::add);
        }

        assertThat(pages.get(0).failure())
                .isEqualTo("page 1 of document letter.pdf cannot be rendered, it takes longer than 2.0 s");
        assertThat(middle(decoded(pages.get(1)))).isEqualTo(Color.BLUE);
    }

    /** An image of 14 GB that has a mask as large, of a file of a few bytes. */
    @Test
    void goesOnWithTheNextPageAfterAnImageThatNoMemoryHolds() throws IOException {
        try (PDDocument document = document(2)) {
            PDImageXObject image = new PDImageXObject(
                    document, InputStream.nullInputStream(), null, 60_000, 60_000, 8, PDDeviceRGB.INSTANCE);
            PDImageXObject mask = new PDImageXObject(
                    document, InputStream.nullInputStream(), null, 60_000, 60_000, 8, PDDeviceGray.INSTANCE);
            image.getCOSObject().setItem(COSName.SMASK, mask);
            try (PDPageContentStream content = new PDPageContentStream(document, document.getPage(0))) {
                content.drawImage(image, 0, 0, 500, 500);
            }
            List<DocumentPage> pages = read(bytes(document), options("all"));

            assertThat(pages).hasSize(2);
            assertThat(middle(decoded(pages.get(1)))).isEqualTo(Color.GREEN);
        }
    }

    @Test
    void refusesOrRendersWhatIsDamaged() throws IOException {
        try (PDDocument document = document(3)) {
            byte[] whole = bytes(document);
            for (int length : new int[] {20, whole.length / 3, whole.length / 2, whole.length - 30}) {
                try {
                    read(Arrays.copyOf(whole, length), options("1"));
                } catch (ImageException | InvalidRequestException e) {
                    assertThat(e.getMessage()).contains("letter.pdf");
                }
            }
        }
    }

    @Test
    void isNotImpressedByHugePagesAndDeepNesting() throws IOException {
        try (PDDocument document = document(1)) {
            document.getPage(0).setMediaBox(new PDRectangle(1e9f, 1e9f));
            document.getPage(0).setCropBox(new PDRectangle(1e9f, 1e9f));
            RgbImage page = decoded(read(bytes(document), options("all")).get(0));
            assertThat(page.width() * page.height()).isLessThanOrEqualTo(100_500);
        }
        String deep = IntStream.range(0, 200_000).mapToObj(i -> "[").collect(Collectors.joining());
        byte[] nested = ("%PDF-1.7\n1 0 obj <</Type/Catalog/Pages " + deep
                        + ">> endobj\ntrailer <</Root 1 0 R>>\n%%EOF")
                .getBytes(StandardCharsets.ISO_8859_1);
        assertThatThrownBy(() -> read(nested, options("all"))).isInstanceOf(RuntimeException.class);
    }
}
