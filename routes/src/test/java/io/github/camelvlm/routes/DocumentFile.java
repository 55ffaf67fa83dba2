package io.github.camelvlm.routes;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDPageContentStream;
import org.apache.pdfbox.pdmodel.common.PDRectangle;
import org.apache.pdfbox.pdmodel.encryption.AccessPermission;
import org.apache.pdfbox.pdmodel.encryption.StandardProtectionPolicy;
import org.apache.pdfbox.pdmodel.graphics.image.PDImageXObject;

/** PDFs whose pages are golden pictures, and PDFs that are hostile; films. */
public final class DocumentFile {
    /** With which a page is rendered as the golden pictures are. */
    public static final Map<String, String> PROPERTIES = Map.of("vlm.max-pixels", "12544");

    public static final String FILM_CAPTION = "A red circle to the left of a blue square, on a white background.";

    private static final int SIDE = 112;

    private DocumentFile() {}

    /** The film {@code circle-then-square.mp4} as a GIF, of five frames a second. */
    public static byte[] animation() throws IOException {
        return Files.readAllBytes(Path.of("src/test/resources/animations/circle-then-square.gif"));
    }

    /** A film in one of the containers: {@code circle-then-square.mp4}, {@code vp9.webm} … */
    public static Path film(String name) {
        return Path.of("../samples/videos").toAbsolutePath().normalize().resolve(name);
    }

    /** A page for each golden picture. */
    public static byte[] pdf(String... pictures) throws IOException {
        try (PDDocument document = document(pictures)) {
            return bytes(document);
        }
    }

    /** The same, but for the page of a number, from 1, which cannot be rendered. */
    public static byte[] withoutPage(int number, String... pictures) throws IOException {
        try (PDDocument document = document(pictures)) {
            PDPage page = document.getPage(number - 1);
            page.setCropBox(new PDRectangle(0, 0));
            page.setMediaBox(new PDRectangle(0, 0));
            return bytes(document);
        }
    }

    /** One that opens with a password. */
    public static byte[] encrypted(String password, String... pictures) throws IOException {
        try (PDDocument document = document(pictures)) {
            document.protect(new StandardProtectionPolicy("owner", password, new AccessPermission()));
            return bytes(document);
        }
    }

    /** One whose page is never drawn to its end: a form that draws another twice, which does the same, forty times. */
    public static byte[] endless() {
        StringBuilder objects = new StringBuilder();
        objects.append("1 0 obj <</Type/Catalog/Pages 2 0 R>> endobj\n");
        objects.append("2 0 obj <</Type/Pages/Kids[3 0 R]/Count 1>> endobj\n");
        objects.append("3 0 obj <</Type/Page/Parent 2 0 R/MediaBox[0 0 100 100]/Contents 5 0 R"
                + "/Resources<</XObject<</F 10 0 R>>>>>> endobj\n");
        objects.append("5 0 obj <</Length 4>> stream\n/F Do\nendstream endobj\n");
        for (int i = 0; i < 40; i++) {
            objects.append((10 + i) + " 0 obj <</Type/XObject/Subtype/Form/BBox[0 0 100 100]/Resources<</XObject<</F "
                    + (11 + i) + " 0 R>>>>/Length 11>> stream\n/F Do /F Do\nendstream endobj\n");
        }
        objects.append(
                "50 0 obj <</Type/XObject/Subtype/Form/BBox[0 0 100 100]/Length 1>> stream\nn\nendstream endobj\n");
        return ("%PDF-1.7\n" + objects + "trailer <</Root 1 0 R>>\n%%EOF").getBytes(StandardCharsets.ISO_8859_1);
    }

    private static PDDocument document(String... pictures) throws IOException {
        PDDocument document = new PDDocument();
        for (String picture : pictures) {
            PDPage page = new PDPage(new PDRectangle(SIDE, SIDE));
            document.addPage(page);
            PDImageXObject image = PDImageXObject.createFromFileByContent(
                    Goldens.picture(picture).toFile(), document);
            try (PDPageContentStream content = new PDPageContentStream(document, page)) {
                content.drawImage(image, 0, 0, SIDE, SIDE);
            }
        }
        return document;
    }

    private static byte[] bytes(PDDocument document) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        document.save(bytes);
        return bytes.toByteArray();
    }
}
