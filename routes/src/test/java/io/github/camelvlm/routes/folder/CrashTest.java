package io.github.camelvlm.routes.folder;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
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
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A thousand pictures in four folders, ten of them bad, and a process that is killed five times on the way. */
class CrashTest {
    private static final int PICTURES = 1000;
    private static final int KILLS = 5;
    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path root;

    @Test
    void losesNothingAndRepeatsAtMostThePicturesInHand() throws Exception {
        WatchedFolder folder = new WatchedFolder(root);
        // Each picture by its name, and its caption; none for a bad one. All of one age, so that they are taken by
        // name.
        TreeMap<String, String> captions = fill(folder);
        List<String> bad = captions.keySet().stream()
                .filter(name -> captions.get(name).isEmpty())
                .toList();
        assertThat(bad).hasSize(10);

        List<String> log = new ArrayList<>();
        for (int kill = 1; kill <= KILLS; kill++) {
            int rows = kill * PICTURES / (KILLS + 1);
            try (ApplicationProcess application = start()) {
                Await.until("row " + rows, LIMIT, () -> rows(folder) >= rows);
                application.kill();
                log.addAll(application.output());
            }
            assertThat(files(folder.inbox())).as("left by a kill").isNotEmpty();
        }
        try (ApplicationProcess application = start()) {
            Await.until(
                    "the end of the batch",
                    LIMIT,
                    () -> application.output().stream().anyMatch(line -> line.matches(".* pictures: .* in .* s, .*")));
            log.addAll(application.output());
            assertThat(application.errors()).isEmpty();
        }

        assertThat(files(folder.inbox())).isEmpty();
        assertThat(files(folder.done()))
                .containsExactlyElementsOf(captions.keySet().stream()
                        .filter(name -> !bad.contains(name))
                        .toList());
        assertThat(files(folder.failed()))
                .containsExactlyElementsOf(bad.stream()
                        .flatMap(name -> List.of(name, name + ".error.txt").stream())
                        .toList());
        assertThat(bad).allSatisfy(name -> assertThat(folder.error(name)).contains("is cut off after"));
        assertThat(files(folder.captions())).hasSize(2 * (PICTURES - bad.size()) + 1);

        List<JsonNode> summary = new ArrayList<>();
        for (String line : Files.readAllLines(folder.captions().resolve("summary.jsonl"))) {
            summary.add(JSON.readTree(line));
        }
        assertThat(summary).extracting(row -> row.get("name").asText()).containsExactlyElementsOf(captions.keySet());
        for (JsonNode row : summary) {
            String name = row.get("name").asText();
            if (bad.contains(name)) {
                assertThat(row.get("error").asText()).as(name).contains("is cut off after");
            } else {
                assertThat(row.get("caption").asText()).as(name).isEqualTo(captions.get(name));
                assertThat(folder.caption(name)).as(name).isEqualTo(captions.get(name));
                assertThat(JSON.readTree(folder.captions()
                                        .resolve(name + ".json")
                                        .toFile())
                                .get("caption")
                                .asText())
                        .as(name)
                        .isEqualTo(captions.get(name));
            }
        }
        // Told when it is its turn: what a kill repeats is told twice at most once.
        assertThat(log.stream().filter(line -> line.contains("part-")))
                .as("descriptions")
                .hasSizeBetween(PICTURES, PICTURES + KILLS);
    }

    private static TreeMap<String, String> fill(WatchedFolder folder) throws IOException {
        List<String> goldens = Goldens.descriptions().keySet().stream()
                .filter(name -> name.endsWith(".png"))
                .toList();
        TreeMap<String, String> captions = new TreeMap<>();
        for (int number = 0; number < PICTURES; number++) {
            String golden = goldens.get(number % goldens.size());
            String name = String.format("part-%d/%03d-%s", number * 4 / PICTURES, number, golden);
            byte[] bytes = Files.readAllBytes(Goldens.picture(golden));
            boolean isBad = number % 100 == 50;
            Path picture = folder.inbox().resolve(name);
            Files.createDirectories(picture.getParent());
            Files.write(picture, isBad ? Arrays.copyOf(bytes, bytes.length / 2) : bytes);
            assertThat(picture.toFile().setLastModified(1_700_000_000_000L)).isTrue();
            captions.put(name, isBad ? "" : Goldens.caption(golden));
        }
        return captions;
    }

    private static long rows(WatchedFolder folder) throws IOException {
        Path summary = folder.captions().resolve("summary.jsonl");
        return Files.exists(summary) ? Files.readAllLines(summary).size() : 0;
    }

    /** The files below a folder, hidden ones too, by their paths in it, sorted. */
    private static List<String> files(Path folder) throws IOException {
        try (var files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> !file.getFileName().toString().equals("turn"))
                    .map(file -> folder.relativize(file).toString().replace('\\', '/'))
                    .sorted()
                    .toList();
        }
    }

    private ApplicationProcess start() throws Exception {
        return new ApplicationProcess(
                root,
                Map.of("VLM_MODEL", Goldens.MODEL.toString(), "VLM_DTYPE", "float32", "VLM_THREADS", "1"),
                "--vlm.settle=" + RunningRoutes.SETTLE);
    }
}
