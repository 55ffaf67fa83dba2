package io.github.camelvlm.routes.folder;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.camelvlm.routes.Await;
import io.github.camelvlm.routes.DocumentFile;
import io.github.camelvlm.routes.Goldens;
import io.github.camelvlm.routes.RunningRoutes;
import io.github.camelvlm.routes.WatchedFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Documents and films in the folder. */
class FolderDocumentsTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ONE = "one-shape.png";
    private static final String TWO = "two-shapes.png";

    @TempDir
    private static Path root;

    private static WatchedFolder folder;
    private static Path left;
    private static RunningRoutes routes;

    @BeforeAll
    static void start() throws Exception {
        folder = new WatchedFolder(root);
        Map<String, String> properties = new HashMap<>(DocumentFile.PROPERTIES);
        properties.put("vlm.summary", "summary.jsonl,summary.csv");
        properties.put("vlm.animation", "video");
        left = folder.captions().resolve(".long-gone.pdf.pages");
        Files.createDirectories(left.getParent());
        Files.writeString(left, "{}\n");
        Files.setLastModifiedTime(left, FileTime.from(Instant.now().minus(Duration.ofDays(3))));
        routes = new RunningRoutes(root, properties);
    }

    @AfterAll
    static void stop() {
        routes.close();
    }

    private static JsonNode report(WatchedFolder of, String name) throws IOException {
        return JSON.readTree(of.captions().resolve(name + ".json").toFile());
    }

    private static JsonNode row(String name) throws IOException {
        for (String line : Files.readAllLines(folder.captions().resolve("summary.jsonl"))) {
            JsonNode row = JSON.readTree(line);
            if (row.get("name").asText().equals(name)) {
                return row;
            }
        }
        throw new AssertionError("There is no row of " + name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"one-shape.heic", "one-shape.avif"})
    void picturesOfPhonesAreDescribed(String name) throws Exception {
        folder.put(Files.readAllBytes(Goldens.still(name)), name);
        Await.until(name + " is done", () -> folder.isDone(name));

        assertThat(folder.caption(name)).isEqualTo(Goldens.caption(ONE));
    }

    @Test
    void leaveNothingBehindForEverWhenTheyAreTakenAway() throws Exception {
        Await.until("what is left of it is removed", () -> !Files.exists(left));
    }

    @Test
    void areToldPageByPage() throws Exception {
        byte[] pdf = DocumentFile.pdf(TWO, ONE);
        folder.put(pdf, "letters/a.pdf");
        Await.until("a.pdf is done", () -> folder.isDone("letters/a.pdf"));

        JsonNode report = report(folder, "letters/a.pdf");
        JsonNode pages = report.get("pages");
        assertThat(report.get("name").asText()).isEqualTo("letters/a.pdf");
        assertThat(pages).extracting(page -> page.get("page").asInt()).containsExactly(1, 2);
        assertThat(pages.get(1).get("caption").asText()).isEqualTo(Goldens.caption(ONE));
        assertThat(pages).allSatisfy(page -> {
            assertThat(page.get("finish_reason").asText()).isEqualTo("stop");
            assertThat(page.get("confidence").asDouble()).isBetween(0.3, 1.0);
            assertThat(page.get("picture")).hasToString("{\"width\":112,\"height\":112}");
            assertThat(page.at("/usage/completion_tokens").asInt()).isPositive();
            assertThat(page.at("/times/total_ms").asLong()).isPositive();
        });
        assertThat(report.get("finish_reason").asText()).isEqualTo("stop");
        assertThat(report.get("model").asText()).isEqualTo("shapes-vl");
        assertThat(report.get("document")).hasToString("{\"pages\":2,\"bytes\":" + pdf.length + "}");
        assertThat(report.at("/usage/total_tokens").asInt())
                .isEqualTo(pages.get(0).at("/usage/total_tokens").asInt()
                        + pages.get(1).at("/usage/total_tokens").asInt());
        assertThat(report.has("failed_pages")).isFalse();
        String text = pages.get(0).get("caption").asText() + "\n\f" + Goldens.caption(ONE);
        assertThat(folder.caption("letters/a.pdf")).isEqualTo(text);
        assertThat(row("letters/a.pdf").get("caption").asText()).isEqualTo(text);
        assertThat(row("letters/a.pdf").has("error")).isFalse();
        Await.until(
                "what is known of the pages is removed",
                () -> !Files.exists(folder.captions().resolve("letters/.a.pdf.pages")));
    }

    @Test
    void nameThePageThatFailedAndAreDone() throws Exception {
        folder.put(DocumentFile.withoutPage(2, ONE, TWO, ONE), "torn.pdf");
        Await.until("torn.pdf is done", () -> folder.isDone("torn.pdf"));

        JsonNode report = report(folder, "torn.pdf");
        assertThat(report.get("failed_pages")).hasToString("[2]");
        assertThat(report.get("pages").get(1).get("failure").asText())
                .startsWith("page 2 of document torn.pdf cannot be rendered");
        assertThat(report.get("pages").get(2).get("caption").asText()).isEqualTo(Goldens.caption(ONE));
        assertThat(folder.caption("torn.pdf")).isEqualTo(Goldens.caption(ONE) + "\n\f\n\f" + Goldens.caption(ONE));
        assertThat(row("torn.pdf").get("error").asText()).startsWith("page 2 of document torn.pdf");
        assertThat(row("torn.pdf").get("caption").asText()).isEqualTo(folder.caption("torn.pdf"));
        assertThat(folder.failed().resolve("torn.pdf")).doesNotExist();
    }

    /** The first would take longer than all the others together. */
    @Test
    void thatAreHostileFailWithTheirReasonAndHoldUpNoOthers() throws Exception {
        folder.put(DocumentFile.endless(), "endless.pdf");
        Await.until("endless.pdf is in hand", () -> !Files.exists(folder.inbox().resolve("endless.pdf")));
        folder.put(DocumentFile.encrypted("secret", ONE), "locked.pdf");
        folder.put(new byte[0], "empty.pdf");
        folder.put(DocumentFile.pdf(), "no-pages.pdf");
        folder.put(ONE, "beside.png");
        for (String name : List.of("locked.pdf", "empty.pdf", "no-pages.pdf")) {
            Await.until(name + " has failed", () -> folder.hasFailed(name));
        }
        Await.until("beside.png is done", () -> folder.isDone("beside.png"));
        assertThat(folder.hasFailed("endless.pdf")).isFalse();
        Await.until("endless.pdf has failed", Duration.ofMinutes(1), () -> folder.hasFailed("endless.pdf"));

        assertThat(folder.error("endless.pdf"))
                .startsWith("endless.pdf cannot be described: page 1 of document endless.pdf cannot be rendered, ");
        assertThat(folder.error("locked.pdf")).contains("document locked.pdf cannot be read, it is encrypted");
        assertThat(folder.error("empty.pdf")).contains("empty.pdf is empty: it has no bytes");
        assertThat(folder.error("no-pages.pdf")).contains("the document has 0 pages");
        Await.until(
                "what is known of the pages is removed",
                () -> !Files.exists(folder.captions().resolve(".endless.pdf.pages")));
    }

    @Test
    void describesAnAnimationAsAFilm() throws Exception {
        folder.put(DocumentFile.animation(), "a.gif");
        Await.until("a.gif is done", () -> folder.isDone("a.gif") || folder.hasFailed("a.gif"));

        assertThat(folder.error("a.gif")).isEmpty();
        assertThat(folder.caption("a.gif")).isEqualTo(DocumentFile.FILM_CAPTION);
    }

    @ParameterizedTest
    @ValueSource(strings = {"circle-then-square.mp4", "turned.mov", "av1.mkv", "vp9.webm"})
    void describesFilms(String film) throws Exception {
        folder.put(Files.readAllBytes(DocumentFile.film(film)), film);
        Await.until(film + " is done", () -> folder.isDone(film) || folder.hasFailed(film));

        assertThat(folder.error(film)).isEmpty();
        assertThat(folder.caption(film)).contains("blue square");
        assertThat(report(folder, film).get("caption").asText()).isEqualTo(folder.caption(film));
        assertThat(report(folder, film).get("picture"))
                .hasToString("{\"bytes\":" + Files.size(DocumentFile.film(film)) + "}");
    }

    @Test
    void holdDataOfEachPageWhereThatIsAskedFor(@TempDir Path other) throws Exception {
        WatchedFolder of = new WatchedFolder(other);
        Map<String, String> properties = new HashMap<>(DocumentFile.PROPERTIES);
        Path schema = Files.writeString(
                other.resolve("schema.json"),
                "{\"type\":\"object\",\"properties\":{\"sign\":{\"type\":\"boolean\"}},"
                        + "\"required\":[\"sign\"],\"additionalProperties\":false}");
        properties.put("vlm.json-schema", schema.toString());
        RunningRoutes asking = new RunningRoutes(other, properties);
        try {
            of.put(DocumentFile.pdf(ONE, TWO), "a.pdf");
            Await.until("a.pdf is done", () -> of.isDone("a.pdf"));
        } finally {
            asking.close();
        }

        assertThat(report(of, "a.pdf").get("pages")).hasSize(2).allSatisfy(page -> {
            assertThat(page.at("/data/sign").isBoolean()).isTrue();
            assertThat(page.has("caption")).isFalse();
            assertThat(page.get("field_confidence").has("/sign")).isTrue();
        });
    }

    @Test
    void areAnsweredOnceOverAllPagesWhereThatIsAskedFor(@TempDir Path other) throws Exception {
        WatchedFolder of = new WatchedFolder(other);
        Map<String, String> properties = new HashMap<>(DocumentFile.PROPERTIES);
        properties.put("vlm.per-page", "false");
        RunningRoutes asking = new RunningRoutes(other, properties);
        try {
            of.put(DocumentFile.pdf(ONE, TWO), "a.pdf");
            Await.until("a.pdf is done", () -> of.isDone("a.pdf"));
        } finally {
            asking.close();
        }

        assertThat(report(of, "a.pdf").has("pages")).isFalse();
        assertThat(report(of, "a.pdf").get("caption").asText()).isEqualTo(of.caption("a.pdf"));
    }
}
