package io.github.camelvlm.routes.folder;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.camelvlm.routes.Await;
import io.github.camelvlm.routes.Goldens;
import io.github.camelvlm.routes.RunningRoutes;
import io.github.camelvlm.routes.WatchedFolder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDPageContentStream;
import org.apache.pdfbox.pdmodel.common.PDRectangle;
import org.apache.pdfbox.pdmodel.graphics.image.PDImageXObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files about which a model says the same again and again. */
class FolderRepetitionTest {
    private static final Map<String, String> REPEATING = Map.of(
            "camel.component.vlm.configuration.repetition-penalty", "0.3",
            "camel.component.vlm.configuration.temperature", "0",
            "vlm.max-pixels", "12544",
            "vlm.max-tokens", "300");

    @TempDir
    private Path root;

    private static byte[] pdf() throws IOException {
        try (PDDocument document = new PDDocument()) {
            PDPage page = new PDPage(new PDRectangle(112, 112));
            document.addPage(page);
            byte[] picture = Files.readAllBytes(Goldens.picture("one-shape.png"));
            PDImageXObject image = PDImageXObject.createFromByteArray(document, picture, "one-shape.png");
            try (PDPageContentStream content = new PDPageContentStream(document, page)) {
                content.drawImage(image, 0, 0, 112, 112);
            }
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            document.save(bytes);
            return bytes.toByteArray();
        }
    }

    @Test
    void areEndedWhereTheyAreDocuments() throws Exception {
        WatchedFolder folder = new WatchedFolder(root);
        RunningRoutes routes = new RunningRoutes(root, REPEATING);
        try {
            folder.put(pdf(), "a.pdf");
            folder.put("one-shape.png", "b.png");
            for (String name : List.of("a.pdf", "b.png")) {
                Await.until(name + " is done", () -> folder.isDone(name));
            }
        } finally {
            routes.close();
        }

        assertThat(reason(folder, "a.pdf")).isEqualTo("repetition");
        assertThat(folder.caption("a.pdf")).endsWith(" diamond".repeat(64));
        assertThat(reason(folder, "b.png")).isEqualTo("length");
    }

    private static String reason(WatchedFolder folder, String name) throws IOException {
        JsonNode report = new ObjectMapper()
                .readTree(folder.captions().resolve(name + ".json").toFile());
        return report.path("finish_reason").asText();
    }
}
