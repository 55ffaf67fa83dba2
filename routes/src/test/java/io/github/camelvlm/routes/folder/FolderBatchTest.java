package io.github.camelvlm.routes.folder;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelvlm.routes.ApplicationProcess;
import io.github.camelvlm.routes.Await;
import io.github.camelvlm.routes.BatchFile;
import io.github.camelvlm.routes.Goldens;
import io.github.camelvlm.routes.RunningRoutes;
import io.github.camelvlm.routes.WatchedFolder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.apache.camel.spi.Registry;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class FolderBatchTest {
    private static final Duration LIMIT = Duration.ofMinutes(2);

    @TempDir
    private Path root;

    @Test
    void answersAFileOfRequestsBesideThePictures() throws Exception {
        WatchedFolder folder = new WatchedFolder(root);
        try (RunningRoutes routes = new RunningRoutes(root)) {
            assertThat(routes.context().isStarted()).isTrue();
            put(folder, "of today/requests.jsonl", BatchFile.requests(8) + "[]\n");
            folder.put("one-shape.png", "one.png");
            Await.until("the batch is done", () -> folder.isDone("of today/requests.jsonl"));
            Await.until("the picture is done", () -> folder.isDone("one.png"));
        }
        String output = Files.readString(folder.captions().resolve("of today/requests.jsonl.output.jsonl"));
        assertThat(BatchFile.lines(output)).hasSize(9);
        BatchFile.assertAnswers(output.substring(0, output.lastIndexOf("{\"id\"")), 8);
        assertThat(WatchedFolder.names(folder.captions().resolve("of today")))
                .containsExactly("requests.jsonl.output.jsonl");
        assertThat(folder.failed().resolve("of today")).doesNotExist();
    }

    @Test
    void doesNotStandStillWhileLinesAreAnswered() throws Exception {
        Path requests = Files.writeString(root.resolve("requests.jsonl"), BatchFile.requests(2));
        try (RunningRoutes routes = new RunningRoutes(root)) {
            Registry beans = routes.context().getRegistry();
            PictureOrder order = beans.lookupByNameAndType("batchOrder", PictureOrder.class);
            order.take(new DefaultExchange(routes.context()));
            long taken = System.nanoTime();

            beans.lookupByNameAndType("folderBatches", FolderBatches.class).answer(requests, "requests.jsonl");

            Await.until("it waits for less long than since it was taken", () -> {
                long since = System.nanoTime() - taken;
                return order.standstill().toNanos() < since;
            });
        }
    }

    @Test
    void answersEachLineOnceThroughKillsAndBesideAnotherProcess() throws Exception {
        WatchedFolder folder = new WatchedFolder(root);
        int count = 400;
        put(folder, "requests.jsonl", BatchFile.requests(count));
        Path hidden = folder.captions().resolve(".requests.jsonl.output.jsonl");
        for (int kill = 1; kill <= 3; kill++) {
            int lines = kill * count / 5;
            try (ApplicationProcess application = start()) {
                Await.until("line " + lines, LIMIT, () -> BatchFile.length(hidden) >= lines);
                application.kill();
            }
        }
        long before = BatchFile.length(hidden);
        assertThat(before).isBetween(3L * count / 5, count - 1L);
        try (ApplicationProcess one = start();
                ApplicationProcess other = start()) {
            Await.until("the batch is done", LIMIT, () -> folder.isDone("requests.jsonl"));
            assertThat(one.errors()).isEmpty();
            assertThat(other.errors()).isEmpty();
            assertThat(String.join("\n", one.output()) + String.join("\n", other.output()))
                    .contains(count + " lines, 0 failed, " + before + " answered before");
        }
        BatchFile.assertAnswers(Files.readString(folder.captions().resolve("requests.jsonl.output.jsonl")), count);
        assertThat(hidden).doesNotExist();
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void waitsWhileTheDiskIsFullSaysSoAndGoesOnWhereItsAnswersEnd() throws Exception {
        WatchedFolder folder = new WatchedFolder(root);
        int count = 200;
        try (ApplicationProcess application = start()) {
            Await.until(
                    "it watches",
                    LIMIT,
                    () -> String.join("\n", application.output()).contains("Watching "));
            // As a full disk does, it lets a part of a write through, and refuses the rest.
            limitFiles(application, "40000");
            put(folder, "requests.jsonl", BatchFile.requests(count));
            Await.until(
                    "it is told",
                    LIMIT,
                    () -> String.join("\n", application.output())
                            .contains(
                                    "requests.jsonl waits in the inbox and is tried again: Cannot write the answers to"
                                            + " requests.jsonl: File too large. They go on where they end once the folder of captions has room"));
            Path hidden = folder.captions().resolve(".requests.jsonl.output.jsonl");
            long before = BatchFile.length(hidden);
            assertThat(before).isBetween(1L, count - 1L);
            limitFiles(application, "unlimited");

            Await.until("the batch is done", LIMIT, () -> folder.isDone("requests.jsonl"));
            assertThat(String.join("\n", application.output()))
                    .contains(count + " lines, 0 failed, " + before + " answered before");
        }
        BatchFile.assertAnswers(Files.readString(folder.captions().resolve("requests.jsonl.output.jsonl")), count);
    }

    /** Bounds the size of each file that a process writes from now on. */
    private static void limitFiles(ApplicationProcess application, String bytes) throws Exception {
        assertThat(new ProcessBuilder("prlimit", "--pid", String.valueOf(application.pid()), "--fsize=" + bytes + ":")
                        .inheritIO()
                        .start()
                        .waitFor())
                .isZero();
    }

    private static void put(WatchedFolder folder, String name, String lines) throws Exception {
        folder.put(lines.getBytes(StandardCharsets.UTF_8), name);
    }

    private ApplicationProcess start() throws Exception {
        return new ApplicationProcess(
                root,
                Map.of("VLM_MODEL", Goldens.MODEL.toString(), "VLM_DTYPE", "float32", "VLM_THREADS", "1"),
                "--vlm.settle=" + RunningRoutes.SETTLE);
    }
}
