package io.github.camelvlm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.camelvlm.goldens.GoldenCase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.camel.builder.NotifyBuilder;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDPageContentStream;
import org.apache.pdfbox.pdmodel.common.PDRectangle;
import org.apache.pdfbox.pdmodel.graphics.image.PDImageXObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The samples that read documents and films, as they are but for their folders and their model. */
class DocumentPipelinesTest extends VlmTestSupport {
    private static final Path SAMPLES = Path.of("../samples/pipelines");

    @TempDir
    private Path folder;

    private void start(String sample, String uris) throws Exception {
        String yaml = Files.readString(SAMPLES.resolve(sample))
                .replace("resource:file:samples/pipelines/", "resource:file:" + SAMPLES + "/")
                .replaceAll("file:(" + uris + ")\\b", "file:" + folder + "/$1")
                .replace(
                        "              temperature: 0\n",
                        "              temperature: 0\n              "
                                + MODEL.replace("=", ": ").replace("&", "\n              ")
                                // Larger ones the model has not learnt to see.
                                + "\n              maxPixels: 12544\n");
        context()
                .addRoutes(PluginHelper.getRoutesLoader(context())
                        .findRoutesBuilders(ResourceHelper.fromString(sample, yaml))
                        .iterator()
                        .next());
    }

    private static void write(Path file, String... pictures) throws IOException {
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
            document.save(file.toFile());
        }
    }

    @Test
    void makeALineOfJsonOfEachPageOfAnInvoice() throws Exception {
        Path invoices = Files.createDirectories(folder.resolve("invoices"));
        write(invoices.resolve("two.pdf"), ONE_SHAPE, "two-shapes.png");
        Files.write(
                invoices.resolve("photograph.png"),
                GoldenCase.picture(ONE_SHAPE).bytes());
        Files.writeString(invoices.resolve("broken.pdf"), "%PDF-1.7 and no more");
        // Three files, and three pages of them.
        NotifyBuilder all =
                new NotifyBuilder(context()).fromRoute("invoices").whenDone(6).create();

        start("invoices.camel.yaml", "invoices|data");

        assertThat(all.matchesWaitTime()).isTrue();
        List<String> lines = Files.readAllLines(folder.resolve("data/two.pdf.jsonl"));
        assertThat(lines).hasSize(2).allSatisfy(line -> {
            JsonNode invoice = new ObjectMapper().readTree(line);
            assertThat(invoice.fieldNames()).toIterable().containsExactly("number", "date", "total", "currency");
            assertThat(invoice.get("date").asText()).matches("\\d{4}-\\d{2}-\\d{2}");
        });
        assertThat(Files.readAllLines(folder.resolve("data/photograph.png.jsonl")))
                .hasSize(1);
        assertThat(folder.resolve("done/two.pdf")).exists();
        assertThat(folder.resolve("done/photograph.png")).exists();
        assertThat(folder.resolve("review/broken.pdf")).exists();
        assertThat(folder.resolve("data/broken.pdf.jsonl")).doesNotExist();
    }

    @Test
    void writeTheCaptionOfAFilm() throws Exception {
        Path films = Files.createDirectories(folder.resolve("films"));
        Files.copy(Path.of("../samples/videos/circle-then-square.mp4"), films.resolve("circle-then-square.mp4"));
        Files.writeString(films.resolve("broken.mp4"), "no film");
        NotifyBuilder two =
                new NotifyBuilder(context()).fromRoute("films").whenDone(2).create();

        start("films.camel.yaml", "films|captions");

        assertThat(two.matchesWaitTime()).isTrue();
        assertThat(folder.resolve("captions/circle-then-square.mp4.txt"))
                .hasContent("A red circle to the left of a blue square, on a white background.");
        assertThat(folder.resolve("films/.camel-failed/broken.mp4")).exists();
    }
}
