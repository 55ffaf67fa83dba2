package io.github.camelvlm.routes.folder;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelvlm.routes.ApplicationProcess;
import io.github.camelvlm.routes.Await;
import io.github.camelvlm.routes.DocumentFile;
import io.github.camelvlm.routes.Goldens;
import io.github.camelvlm.routes.WatchedFolder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Names of files that no person would choose. */
@EnabledOnOs(OS.LINUX)
class ForeignNamesTest {
    private static final String HOSTILE = "e\u001b]0;x\u0007\tf\ng.png";

    @TempDir
    private Path root;

    @Test
    void areSetAsideIfTheyAreNoTextAndReachTheLogWithoutTheirControlCharacters() throws Exception {
        WatchedFolder folder = new WatchedFolder(root);
        folder.put("one-shape.png", HOSTILE);
        folder.put("one-shape.png", "one.png");
        folder.put(DocumentFile.pdf("one-shape.png", "one-shape.png"), "two.pdf");
        String copy = "cp one.png \"$(printf 'caf\\351.png')\"";
        assertThat(new ProcessBuilder("sh", "-c", copy)
                        .directory(folder.inbox().toFile())
                        .start()
                        .waitFor())
                .isZero();
        Map<String, String> environment = Map.of(
                "VLM_MODEL",
                Goldens.MODEL.toString(),
                "LC_ALL",
                "C.UTF-8",
                "VLM_SETTLE",
                "300ms",
                "VLM_MAX_PIXELS",
                "12544");
        List<String> log;
        try (ApplicationProcess application = new ApplicationProcess(root, environment)) {
            Await.until(
                    "all are over",
                    () -> folder.isDone("one.png")
                            && folder.isDone(HOSTILE)
                            && folder.isDone("two.pdf")
                            && folder.hasFailed("caf_.png"));
            // It tells of a batch when nothing was in hand for a second.
            Await.until(
                    "the batch is summed up",
                    () -> application.output().stream()
                            .anyMatch(line -> line.contains(" INFO  4 pictures: 3 done, 1 failed in ")));
            application.stop();
            log = application.output();
            assertThat(application.errors()).isEmpty();
        }

        assertThat(folder.error("caf_.png"))
                .isEqualTo(
                        "caf_.png cannot be described: its name is no UTF-8, so that no caption can be named after it:"
                                + " rename it, and put it into the inbox again");
        assertThat(folder.failed().resolve("caf_.png")).hasSameBinaryContentAs(Goldens.picture("one-shape.png"));
        assertThat(log).anyMatch(line -> line.contains("e?]0;x??f\\ng.png: A small yellow diamond"));
        String caption = Goldens.caption("one-shape.png");
        assertThat(log).anyMatch(line -> line.contains("two.pdf: " + caption + "\\n" + caption));
        assertThat(String.join("", log).chars()).noneMatch(Character::isISOControl);
        assertThat(new String(Files.readAllBytes(folder.captions().resolve("summary.jsonl")), StandardCharsets.UTF_8))
                .contains("caf_.png");
    }
}
