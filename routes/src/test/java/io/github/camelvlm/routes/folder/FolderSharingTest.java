package io.github.camelvlm.routes.folder;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.camelvlm.routes.ApplicationProcess;
import io.github.camelvlm.routes.Await;
import io.github.camelvlm.routes.Goldens;
import io.github.camelvlm.routes.RunningRoutes;
import io.github.camelvlm.routes.WatchedFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three processes on one folder of 300 pictures, two of which are killed on the way and one started anew. */
class FolderSharingTest {
    private static final int PICTURES = 300;
    private static final int KILLS = 2;
    private static final Duration LIMIT = Duration.ofMinutes(3);

    @TempDir
    private Path root;

    @Test
    void describesEachPictureOnce() throws Exception {
        WatchedFolder folder = new WatchedFolder(root);
        TreeSet<String> bad = new TreeSet<>();
        TreeSet<String> good = new TreeSet<>();
        List<String> log = new ArrayList<>();
        try (ApplicationProcess first = start();
                ApplicationProcess second = start();
                ApplicationProcess third = start()) {
            // Before there are any pictures: one that starts late would find none left.
            Await.until("all three watch", LIMIT, () -> watches(first) && watches(second) && watches(third));
            for (int number = 0; number < PICTURES; number++) {
                String name = String.format("part-%d/%03d.png", number % 3, number);
                byte[] bytes = Files.readAllBytes(Goldens.picture("one-shape.png"));
                boolean isBad = number % 50 == 20;
                (isBad ? bad : good).add(name);
                folder.put(isBad ? Arrays.copyOf(bytes, bytes.length / 2) : bytes, name);
            }
            Await.until("the first describes", LIMIT, () -> described(first));
            first.kill();
            Await.until("some more rows", LIMIT, () -> rows(folder).size() > PICTURES / 2);
            second.kill();
            try (ApplicationProcess fourth = start()) {
                Await.until(
                        "the end",
                        LIMIT,
                        () -> rows(folder).size() == PICTURES && inbox(folder).isEmpty());
                assertThat(described(second) || described(third))
                        .as("the others describe too")
                        .isTrue();
                for (ApplicationProcess process : List.of(first, second, third, fourth)) {
                    process.stop();
                    log.addAll(process.output());
                    assertThat(process.errors()).isEmpty();
                }
            }
        }

        assertThat(rows(folder)).doesNotHaveDuplicates().hasSize(PICTURES);
        assertThat(files(folder.done())).containsExactlyInAnyOrderElementsOf(good);
        assertThat(files(folder.failed()))
                .containsExactlyInAnyOrderElementsOf(bad.stream()
                        .flatMap(name -> List.of(name, name + ".error.txt").stream())
                        .toList());
        assertThat(files(folder.captions())).hasSize(2 * good.size() + 1);
        for (String name : good) {
            assertThat(folder.caption(name)).as(name).isEqualTo(Goldens.caption("one-shape.png"));
        }
        assertThat(folder.housekeeping()).containsExactly("turn");
        // A kill repeats at most the picture whose turn it was.
        assertThat(log.stream().filter(line -> line.contains("part-"))).hasSizeBetween(PICTURES, PICTURES + KILLS);
    }

    private static boolean watches(ApplicationProcess process) throws IOException {
        return process.output().stream().anyMatch(line -> line.contains("Watching "));
    }

    private static boolean described(ApplicationProcess process) throws IOException {
        return process.output().stream().anyMatch(line -> line.contains("part-"));
    }

    /** The names that the rows of the summary tell. */
    private static List<String> rows(WatchedFolder folder) throws IOException {
        Path summary = folder.captions().resolve("summary.jsonl");
        List<String> names = new ArrayList<>();
        if (Files.exists(summary)) {
            for (String line : Files.readAllLines(summary)) {
                if (line.endsWith("}")) {
                    names.add(new ObjectMapper().readTree(line).get("name").asText());
                }
            }
        }
        return names;
    }

    private static List<String> inbox(WatchedFolder folder) throws IOException {
        return files(folder.inbox()).stream()
                .filter(name -> name.endsWith(".png"))
                .toList();
    }

    private static List<String> files(Path folder) throws IOException {
        try (var files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> folder.relativize(file).toString().replace('\\', '/'))
                    .toList();
        } catch (java.io.UncheckedIOException e) {
            // A directory was removed meanwhile.
            return files(folder);
        }
    }

    private ApplicationProcess start() throws Exception {
        return new ApplicationProcess(
                root,
                Map.of(
                        "VLM_MODEL", Goldens.MODEL.toString(),
                        "VLM_DTYPE", "float32",
                        "VLM_THREADS", "1",
                        "VLM_MAX_SEQUENCES", "2"),
                "--vlm.settle=" + RunningRoutes.SETTLE);
    }
}
