package io.github.camelvlm.routes.folder;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelvlm.routes.Await;
import io.github.camelvlm.routes.Goldens;
import io.github.camelvlm.routes.RunningRoutes;
import io.github.camelvlm.routes.WatchedFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is not the picture's fault leaves it in the inbox; here a file stands where the folder of captions should be. */
class RetryTest {
    @TempDir
    private Path root;

    private WatchedFolder folder;

    @BeforeEach
    void putAPicture() throws IOException {
        folder = new WatchedFolder(root);
        folder.put("one-shape.png", "one.png");
    }

    @Test
    void triesAgainUntilThePictureIsDescribed() throws Exception {
        try (RunningRoutes routes = new RunningRoutes(root)) {
            block();
            awaitSecondTry(routes);
            Files.delete(folder.captions());
            Await.until("one.png is done", () -> folder.isDone("one.png"));
        }

        assertThat(folder.caption("one.png")).isEqualTo(Goldens.caption("one-shape.png"));
        assertThat(WatchedFolder.names(folder.failed())).isEmpty();
    }

    @Test
    void keepsThePictureInTheInboxWhenItIsStoppedMeanwhile() throws Exception {
        try (RunningRoutes routes = new RunningRoutes(root)) {
            block();
            awaitSecondTry(routes);
        }

        assertThat(WatchedFolder.names(folder.inbox())).containsExactly("one.png");
        assertThat(WatchedFolder.names(folder.failed())).isEmpty();
        assertThat(WatchedFolder.names(folder.done())).isEmpty();
    }

    private void block() throws IOException {
        Files.deleteIfExists(folder.captions());
        Files.createFile(folder.captions());
    }

    private static void awaitSecondTry(RunningRoutes routes) throws Exception {
        Await.until(
                "the second try",
                () -> routes.context().getInflightRepository().browse().stream()
                        .anyMatch(tried ->
                                tried.getExchange().getMessage().getHeader(Exchange.REDELIVERY_COUNTER, 0, int.class)
                                        > 0));
    }
}
