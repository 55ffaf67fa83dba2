package io.github.camelvlm.routes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CrashTest {
    private static final int PICTURES = 12;

    @TempDir
    private Path root;

    @Test
    void losesNothingAndRepeatsAtMostThePictureInHand() throws Exception {
        WatchedFolder folder = new WatchedFolder(root);
        List<String> pictures = new ArrayList<>();
        for (int number = 1; number <= PICTURES; number++) {
            pictures.add("picture-" + number + ".png");
            folder.put("two-shapes.png", "picture-" + number + ".png");
        }

        List<String> log = new ArrayList<>();
        try (ApplicationProcess first = start()) {
            Await.until(
                    "the third caption",
                    () -> WatchedFolder.names(folder.captions()).stream()
                                    .filter(name -> name.endsWith(".txt"))
                                    .count()
                            >= 3);
            first.kill();
            log.addAll(first.output());
        }
        assertThat(WatchedFolder.names(folder.inbox())).as("left by the crash").isNotEmpty();
        assertThat(WatchedFolder.names(folder.done()))
                .as("done before the crash")
                .isNotEmpty();

        try (ApplicationProcess second = start()) {
            Await.until(
                    "the inbox is empty",
                    () -> WatchedFolder.names(folder.inbox()).isEmpty());
            log.addAll(second.output());
        }

        assertThat(WatchedFolder.names(folder.done())).containsExactlyInAnyOrderElementsOf(pictures);
        assertThat(WatchedFolder.names(folder.failed())).isEmpty();
        assertThat(WatchedFolder.names(folder.captions()))
                .hasSize(2 * PICTURES)
                .noneMatch(name -> name.startsWith("."));
        for (String picture : pictures) {
            assertThat(folder.caption(picture)).isEqualTo(Goldens.caption("two-shapes.png"));
            assertThat(new ObjectMapper()
                            .readTree(
                                    folder.captions().resolve(picture + ".json").toFile())
                            .get("caption")
                            .asText())
                    .isEqualTo(Goldens.caption("two-shapes.png"));
        }
        assertThat(log.stream().filter(line -> line.contains(Goldens.caption("two-shapes.png"))))
                .as("descriptions")
                .hasSizeBetween(PICTURES - 1, PICTURES + 1);
    }

    private ApplicationProcess start() throws Exception {
        return new ApplicationProcess(
                root,
                Map.of("VLM_MODEL", Goldens.MODEL.toString(), "VLM_DTYPE", "float32", "VLM_THREADS", "1"),
                "--vlm.settle=" + RunningRoutes.SETTLE);
    }
}
