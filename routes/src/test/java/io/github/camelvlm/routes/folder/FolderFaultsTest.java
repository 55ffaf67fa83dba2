package io.github.camelvlm.routes.folder;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelvlm.routes.Await;
import io.github.camelvlm.routes.RunningRoutes;
import io.github.camelvlm.routes.WatchedFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What is wrong with one picture, or with what belongs to it, and holds up no other. */
class FolderFaultsTest {
    @TempDir
    private static Path root;

    private static WatchedFolder folder;
    private static RunningRoutes routes;

    @BeforeAll
    static void start() {
        folder = new WatchedFolder(root);
        routes = new RunningRoutes(root);
    }

    @AfterAll
    static void stop() {
        routes.close();
    }

    private static void awaitAnother(String name) throws Exception {
        folder.put("one-shape.png", name);
        Await.until(name + " is done", () -> folder.isDone(name));
    }

    @Test
    void setsAPictureAsideUnderANameThatFitsWhoseNameIsTooLong() throws Exception {
        String start = "\u00e4".repeat(115);
        String name = start + "bcdefghijklmnopq.png";
        // A hidden name beside it would be too long.
        folder.put("one-shape.png", "short.part");
        Files.move(folder.inbox().resolve("short.part"), folder.inbox().resolve(name));
        awaitAnother("beside-long.png");

        Await.until(
                "it has failed",
                () -> WatchedFolder.names(folder.failed()).stream()
                        .anyMatch(failed -> failed.startsWith(start) && failed.endsWith(".png")));
        String failed = start + "bcdefghijk.png";
        assertThat(WatchedFolder.names(folder.failed())).contains(failed, failed + ".error.txt");
        assertThat(folder.error(failed))
                .isEqualTo(name
                        + " cannot be described: the file's name has 250 bytes, more than the 244 that leave room for"
                        + " .error.txt: give it a shorter one");
        assertThat(name.getBytes(java.nio.charset.StandardCharsets.UTF_8)).hasSize(250);
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void setsPicturesAsideWhosePromptCannotBeUsed() throws Exception {
        Path outside = Files.writeString(root.resolve("secret.txt"), "Describe this image.");
        Files.write(prompt("large"), new byte[100_001]);
        Files.write(prompt("bytes"), new byte[] {(byte) 0xFF, (byte) 0xFE, 'W', 0});
        Files.createDirectories(prompt("directory"));
        Files.createSymbolicLink(prompt("link"), outside);
        assertThat(new ProcessBuilder("mkfifo", prompt("pipe").toString())
                        .start()
                        .waitFor())
                .isZero();
        for (String name : List.of("large", "bytes", "directory", "link", "pipe")) {
            folder.put("one-shape.png", name + "/one.png");
        }
        awaitAnother("beside-prompts.png");

        assertReason("large", "is larger than 100000 bytes: write only the question into it");
        assertReason("bytes", "cannot be read: save it as text in UTF-8, readable by this process");
        assertReason("directory", "is a directory, a pipe or a device: put a text with the question there");
        assertReason("link", "is a link that leads out of the inbox: put the question itself there");
        assertReason("pipe", "is a directory, a pipe or a device: put a text with the question there");
    }

    private static Path prompt(String name) throws IOException {
        return Files.createDirectories(folder.inbox().resolve(name)).resolve("prompt.txt");
    }

    private static void assertReason(String name, String reason) throws Exception {
        Await.until(name + " has failed", () -> folder.hasFailed(name + "/one.png"));
        assertThat(folder.error(name + "/one.png"))
                .isEqualTo(name + "/one.png cannot be described: " + name + "/prompt.txt " + reason
                        + ", and put the picture into the inbox again");
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void followsNoLinkToADirectory() throws Exception {
        Path outside = Files.createDirectories(root.resolve("home"));
        Path key = Files.writeString(outside.resolve("id_rsa"), "secret");
        Files.createDirectories(folder.inbox());
        Files.createSymbolicLink(folder.inbox().resolve("linked"), outside);
        Files.createSymbolicLink(folder.inbox().resolve("itself"), folder.inbox());
        awaitAnother("beside-links.png");

        assertThat(key).hasContent("secret");
        assertThat(WatchedFolder.names(folder.failed())).doesNotContain("linked", "itself");
        assertThat(WatchedFolder.names(folder.done())).doesNotContain("linked", "itself");
    }

    @Test
    void setsAPictureAsideWhoseCaptionCannotBeWrittenWhileThoseOfOthersCan() throws Exception {
        Files.createDirectories(folder.captions().resolve("own.png.txt/in-the-way"));
        folder.put("one-shape.png", "own.png");
        Await.until(
                "its caption was tried", () -> Files.exists(folder.captions().resolve("own.png.json")));
        for (int number = 0; !folder.hasFailed("own.png"); number++) {
            assertThat(number).as("others that passed").isLessThan(40);
            awaitAnother("passes-" + number + ".png");
        }

        assertThat(folder.error("own.png")).startsWith("own.png cannot be described: ");
    }

    @Test
    void passesAPictureOverThatGoesWhileItIsInHand() throws Exception {
        Files.createDirectories(folder.captions().resolve("gone.png.txt/in-the-way"));
        folder.put("one-shape.png", "gone.png");
        Path[] inHand = new Path[1];
        Await.until("it is in hand", () -> {
            inHand[0] = inHand("gone.png");
            return inHand[0] != null;
        });
        Files.delete(inHand[0]);
        Files.delete(folder.captions().resolve("gone.png.txt/in-the-way"));
        Files.delete(folder.captions().resolve("gone.png.txt"));
        awaitAnother("beside-gone.png");

        Await.until(
                "it is over",
                Duration.ofSeconds(60),
                () -> routes.context().getInflightRepository().size() == 0);
        assertThat(WatchedFolder.names(folder.done())).doesNotContain("gone.png");
        assertThat(WatchedFolder.names(folder.failed())).doesNotContain("gone.png", "gone.png.error.txt");
        assertThat(Files.readString(folder.captions().resolve("summary.jsonl"))).doesNotContain("\"gone.png\"");
    }

    private static Path inHand(String name) throws IOException {
        try (var files = Files.walk(folder.inbox().resolve(".camel-vlm"))) {
            return files.filter(file -> file.getFileName().toString().equals(name))
                    .findFirst()
                    .orElse(null);
        }
    }
}
