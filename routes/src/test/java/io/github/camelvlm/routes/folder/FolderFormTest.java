package io.github.camelvlm.routes.folder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.camelvlm.routes.Await;
import io.github.camelvlm.routes.RunningRoutes;
import io.github.camelvlm.routes.WatchedFolder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Captions of a folder that must have a form. */
class FolderFormTest {
    private static final String SCHEMA = "{\"type\":\"object\",\"properties\":{\"sign\":{\"type\":\"boolean\"}},"
            + "\"required\":[\"sign\"],\"additionalProperties\":false}";

    @TempDir
    private Path root;

    @Test
    void areJsonInTheReportAndTextBesideIt() throws Exception {
        WatchedFolder folder = new WatchedFolder(root);
        Path schema = Files.writeString(root.resolve("schema.json"), SCHEMA);
        RunningRoutes routes = new RunningRoutes(root, Map.of("vlm.json-schema", schema.toString()));
        try {
            folder.put("one-shape.png", "a.png");
            Await.until("a.png is done", () -> folder.isDone("a.png"));
        } finally {
            routes.close();
        }

        JsonNode report = new ObjectMapper()
                .readTree(folder.captions().resolve("a.png.json").toFile());
        assertThat(report.get("data").get("sign").isBoolean()).isTrue();
        assertThat(report.has("caption")).isFalse();
        assertThat(new ObjectMapper().readTree(folder.caption("a.png"))).isEqualTo(report.get("data"));
    }

    @Test
    void areOneOfTheChoices() throws Exception {
        WatchedFolder folder = new WatchedFolder(root);
        RunningRoutes routes = new RunningRoutes(root, Map.of("vlm.choices", "a sign, a shape"));
        try {
            folder.put("one-shape.png", "a.png");
            Await.until("a.png is done", () -> folder.isDone("a.png"));
        } finally {
            routes.close();
        }

        assertThat(folder.caption("a.png")).isIn("a sign", "a shape");
    }

    @Test
    void cannotHaveTwo() {
        assertThatThrownBy(() -> new RunningRoutes(root, Map.of("vlm.choices", "a,b", "vlm.regex", "a")).close())
                .rootCause()
                .hasMessage("regex is set beside choices, but an answer has one form: leave one of them out");
    }
}
