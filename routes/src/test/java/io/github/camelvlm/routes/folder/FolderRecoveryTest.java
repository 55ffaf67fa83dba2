package io.github.camelvlm.routes.folder;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelvlm.routes.Await;
import io.github.camelvlm.routes.Goldens;
import io.github.camelvlm.routes.RunningRoutes;
import io.github.camelvlm.routes.WatchedFolder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a process that was killed left in the folder. */
class FolderRecoveryTest {
    private static final String EARLIER = "{\"name\":\"earlier.png\",\"bytes\":1,\"modified_ms\":1}";
    private static final String UNFINISHED = "{\"name\":\"in/left.png\",\"bytes\":%d,\"modified_ms\":1700000000000}";

    @TempDir
    private Path root;

    private WatchedFolder folder;
    private Path summary;

    @BeforeEach
    void leave() throws Exception {
        folder = new WatchedFolder(root);
        Path housekeeping = folder.inbox().resolve(".camel-vlm");
        Path left = housekeeping.resolve("dead/in/left.png");
        Files.createDirectories(left.getParent());
        Files.copy(Goldens.picture("one-shape.png"), left);
        assertThat(left.toFile().setLastModified(1_700_000_000_000L)).isTrue();
        Files.createFile(housekeeping.resolve("dead.lock"));
        Files.createDirectories(folder.captions());
        summary = Files.write(
                folder.captions().resolve("summary.jsonl"),
                List.of(EARLIER, String.format(UNFINISHED, Files.size(Goldens.picture("one-shape.png")))));
    }

    private long rows(String name) throws Exception {
        return Files.readAllLines(summary).stream()
                .filter(row -> row.startsWith("{\"name\":\"" + name + "\""))
                .count();
    }

    @Test
    void goesBackToTheInboxAndLosesTheRowThatWasWrittenBeforeItMoved() throws Exception {
        Files.writeString(folder.inbox().resolve(".camel-vlm/turn"), "1");
        try (RunningRoutes routes = new RunningRoutes(root)) {
            Await.until("it is done", () -> folder.isDone("in/left.png"));
            Await.until(
                    "it is over", () -> routes.context().getInflightRepository().size() == 0);
        }

        assertThat(rows("in/left.png")).isEqualTo(1);
        assertThat(rows("earlier.png")).isEqualTo(1);
        assertThat(folder.caption("in/left.png")).isEqualTo(Goldens.caption("one-shape.png"));
        assertThat(folder.housekeeping()).containsExactly("turn");
    }

    @Test
    void keepsTheRowOfAnEqualPictureThatHasMoved() throws Exception {
        try (RunningRoutes routes = new RunningRoutes(root)) {
            Await.until("it is done", () -> folder.isDone("in/left.png"));
            Await.until(
                    "it is over", () -> routes.context().getInflightRepository().size() == 0);
        }

        assertThat(rows("in/left.png")).isEqualTo(2);
    }

    @Test
    void goesBackUnderAnotherNameIfItsOwnIsTaken() throws Exception {
        folder.put("two-shapes.png", "in/left.png");
        try (RunningRoutes routes = new RunningRoutes(root)) {
            Await.until("both are done", () -> folder.isDone("in/left.png") && folder.isDone("in/left-1.png"));
            assertThat(routes.context().isStopped()).isFalse();
        }

        assertThat(folder.caption("in/left.png")).isEqualTo(Goldens.caption("two-shapes.png"));
        assertThat(folder.caption("in/left-1.png")).isEqualTo(Goldens.caption("one-shape.png"));
    }
}
