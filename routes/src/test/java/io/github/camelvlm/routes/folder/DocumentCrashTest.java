package io.github.camelvlm.routes.folder;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.camelvlm.routes.ApplicationProcess;
import io.github.camelvlm.routes.Await;
import io.github.camelvlm.routes.DocumentFile;
import io.github.camelvlm.routes.Goldens;
import io.github.camelvlm.routes.RunningRoutes;
import io.github.camelvlm.routes.WatchedFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A document of many pages, and processes that are killed within it. */
class DocumentCrashTest {
    private static final int PAGES = 40;
    private static final int KILLS = 2;
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path root;

    @Test
    void goesOnWithThePageThatHasNoAnswer() throws Exception {
        WatchedFolder folder = new WatchedFolder(root);
        Path known = folder.captions().resolve(".a.pdf.pages");
        folder.put(DocumentFile.pdf(Collections.nCopies(PAGES, "one-shape.png").toArray(String[]::new)), "a.pdf");

        List<String> told = new ArrayList<>();
        for (int kill = 1; kill <= KILLS; kill++) {
            int least = told.size() + 3;
            try (ApplicationProcess application = start()) {
                Await.until("page " + least, LIMIT, () -> lines(known).size() >= least);
                application.kill();
            }
            assertThat(folder.captions().resolve("a.pdf.json")).doesNotExist();
            List<String> now = lines(known);
            assertThat(now).hasSizeBetween(least, PAGES - 1);
            assertThat(now.subList(0, told.size())).isEqualTo(told);
            // What would be asked again would have its own words again.
            told = now.stream()
                    .map(line -> line.replace("small yellow diamond", "shape of an earlier run"))
                    .toList();
            // The last line may be torn by a power cut.
            Files.writeString(known, String.join("\n", told) + "\n" + now.get(0).substring(0, 20));
        }
        try (ApplicationProcess application = start()) {
            Await.until("a.pdf is done", LIMIT, () -> folder.isDone("a.pdf"));
            Await.until("what is known of the pages is removed", () -> !Files.exists(known));
            assertThat(application.errors()).isEmpty();
        }

        JsonNode pages =
                JSON.readTree(folder.captions().resolve("a.pdf.json").toFile()).get("pages");
        assertThat(pages)
                .extracting(page -> page.get("page").asInt())
                .containsExactlyElementsOf(
                        IntStream.rangeClosed(1, PAGES).boxed().toList());
        int earlier = told.size();
        assertThat(pages)
                .extracting(page -> page.get("caption").asText())
                .containsExactlyElementsOf(IntStream.range(0, PAGES)
                        .mapToObj(page -> page < earlier
                                ? "A shape of an earlier run on a white background."
                                : Goldens.caption("one-shape.png"))
                        .toList());
        assertThat(Files.readAllLines(folder.captions().resolve("summary.jsonl")))
                .hasSize(1);
    }

    private static List<String> lines(Path file) throws IOException {
        String text = Files.exists(file) ? Files.readString(file) : "";
        return text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
    }

    private ApplicationProcess start() throws Exception {
        return new ApplicationProcess(
                root,
                Map.of("VLM_MODEL", Goldens.MODEL.toString(), "VLM_DTYPE", "float32", "VLM_THREADS", "1"),
                "--vlm.settle=" + RunningRoutes.SETTLE,
                "--vlm.max-pixels=12544",
                "--vlm.max-sequences=1");
    }
}
