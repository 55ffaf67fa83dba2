package io.github.camelvlm.routes.folder;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.camelvlm.routes.Await;
import io.github.camelvlm.routes.Goldens;
import io.github.camelvlm.routes.RunningRoutes;
import io.github.camelvlm.routes.WatchedFolder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class FolderRouteTest {
    @TempDir
    private static Path root;

    private static WatchedFolder folder;
    private static RunningRoutes routes;

    @BeforeAll
    static void start() throws IOException {
        folder = new WatchedFolder(root);
        // What a crash may have left: half a caption under its hidden name.
        Files.createDirectories(folder.captions());
        Files.writeString(folder.captions().resolve(".left.png.txt"), "A small yellow diamond on a white backgr");
        Files.writeString(folder.captions().resolve(".left.png.json"), "{\"name\": \"left.p");
        routes = new RunningRoutes(root);
    }

    @AfterAll
    static void stop() {
        routes.close();
    }

    @Test
    void describesEveryFormat() throws Exception {
        assertThat(Goldens.descriptions()).hasSizeGreaterThan(15);
        for (String name : Goldens.descriptions().keySet()) {
            folder.put(name, name);
        }
        for (Map.Entry<String, JsonNode> golden : Goldens.descriptions().entrySet()) {
            String name = golden.getKey();
            Await.until(name + " is done", () -> folder.isDone(name));
            assertThat(folder.caption(name)).as(name).isEqualTo(Goldens.caption(name));
            assertThat(folder.done().resolve(name)).hasSameBinaryContentAs(Goldens.picture(name));
        }
    }

    @Test
    void tellsInJsonHowACaptionCameAbout() throws Exception {
        Instant before = Instant.now();
        folder.put("two-shapes.png", "told.png");
        Await.until("told.png is done", () -> folder.isDone("told.png"));

        JsonNode json = new ObjectMapper()
                .readTree(folder.captions().resolve("told.png.json").toFile());
        JsonNode golden = Goldens.descriptions().get("two-shapes.png");
        assertThat(json.get("name").asText()).isEqualTo("told.png");
        assertThat(json.get("caption").asText()).isEqualTo(Goldens.caption("two-shapes.png"));
        assertThat(json.get("model").asText()).isEqualTo("shapes-vl");
        assertThat(json.get("finish_reason").asText()).isEqualTo("stop");
        assertThat(json.get("confidence").asDouble()).isBetween(0.9, 1.0);
        assertThat(json.get("picture"))
                .hasToString("{\"width\":140,\"height\":112,\"bytes\":" + Files.size(Goldens.picture("two-shapes.png"))
                        + "}");
        int prompt = golden.get("prompt_tokens").asInt();
        int completion = golden.get("generated_token_ids").size();
        assertThat(json.get("usage"))
                .hasToString("{\"prompt_tokens\":" + prompt + ",\"completion_tokens\":" + completion
                        + ",\"total_tokens\":" + (prompt + completion) + "}");
        assertThat(json.get("times").get("first_token_ms").asLong())
                .isBetween(0L, json.get("times").get("total_ms").asLong());
        assertThat(Instant.parse(json.get("described_at").asText())).isBetween(before.minusMillis(1), Instant.now());
    }

    @Test
    void movesWhatCannotBeDescribedAndSaysWhy() throws Exception {
        folder.put(new byte[0], "empty.jpg");
        folder.put("These are words.".getBytes(StandardCharsets.UTF_8), "words.png");
        folder.put(Arrays.copyOf(Files.readAllBytes(Goldens.picture("three-shapes.jpg")), 3000), "cut.jpg");
        for (String name : new String[] {"empty.jpg", "words.png", "cut.jpg"}) {
            Await.until(name + " has failed", () -> folder.hasFailed(name));
            assertThat(folder.caption(name)).isEmpty();
        }

        assertThat(folder.error("empty.jpg"))
                .isEqualTo(
                        "empty.jpg cannot be described: picture empty.jpg is empty: it has no bytes, so copy the file again");
        assertThat(folder.error("words.png"))
                .isEqualTo(
                        "words.png cannot be described: picture words.png is not a PNG, JPEG, GIF, BMP, TIFF, WebP, HEIC, AVIF, ICO, PSD, TGA or PNM file: send it in one of these"
                                + " formats");
        assertThat(folder.error("cut.jpg"))
                .isEqualTo(
                        "cut.jpg cannot be described: picture cut.jpg is cut off after 3,000 bytes: copy the whole file");
        assertThat(folder.failed().resolve("words.png")).hasContent("These are words.");
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void movesWhatCannotBeRead() throws Exception {
        // A regular file, the first byte of which the kernel refuses to read.
        Files.createSymbolicLink(folder.inbox().resolve("unread.png"), Path.of("/proc/self/mem"));
        Await.until(
                "unread.png has failed",
                () -> !folder.error("unread.png").isEmpty()
                        && !Files.isSymbolicLink(folder.inbox().resolve("unread.png")));

        assertThat(folder.error("unread.png")).contains("unread.png cannot be read");
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void goesOnBesideWhatIsNoFile() throws Exception {
        Path pipe = folder.inbox().resolve("a-pipe.png");
        Path link = Files.createSymbolicLink(folder.inbox().resolve("a-link.png"), Path.of("../elsewhere.png"));
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        try {
            folder.put("one-shape.png", "beside.png");
            Await.until("beside.png is done", () -> folder.isDone("beside.png"));

            assertThat(WatchedFolder.names(folder.inbox())).contains("a-link.png", "a-pipe.png");
            assertThat(folder.error("a-link.png")).isEmpty();

            // As soon as the link names a picture, it is taken.
            Files.copy(Goldens.picture("one-shape.png"), folder.root().resolve("elsewhere.png"));
            Await.until(
                    "a-link.png is described",
                    () -> !folder.caption("a-link.png").isEmpty());
        } finally {
            Files.deleteIfExists(pipe);
            Files.deleteIfExists(link);
        }
    }

    @Test
    void takesAFileOnlyWhenItIsWhole() throws Exception {
        byte[] picture = Files.readAllBytes(Goldens.picture("plain.bmp"));
        Path slow = folder.inbox().resolve("slow.bmp");
        int[] written = {0};
        folder.put("one-shape.png", "quick.png");
        Await.until("another picture has come and gone", () -> {
            write(slow, picture, written[0], ++written[0]);
            return folder.isDone("quick.png");
        });
        assertThat(slow).hasSize(written[0]);

        write(slow, picture, written[0], picture.length);
        Await.until("slow.bmp is done", () -> folder.isDone("slow.bmp") || folder.hasFailed("slow.bmp"));
        assertThat(folder.error("slow.bmp")).isEmpty();
        assertThat(folder.caption("slow.bmp")).isEqualTo(Goldens.caption("plain.bmp"));
    }

    private static void write(Path file, byte[] bytes, int from, int to) throws IOException {
        Files.write(file, Arrays.copyOfRange(bytes, from, to), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    @Test
    void leavesFilesOnTheirWayAlone() throws Exception {
        folder.put("sign.png", "download.png.part");
        folder.put("sign.png", "upload.TMP");
        Files.copy(Goldens.picture("sign.png"), folder.inbox().resolve(".sign.png.Xy12"));
        Files.createDirectories(folder.inbox().resolve("folder.png"));
        folder.put("sign.png", "after.png");
        Await.until("after.png is done", () -> folder.isDone("after.png"));

        assertThat(WatchedFolder.names(folder.inbox()))
                .contains("download.png.part", "upload.TMP", ".sign.png.Xy12", "folder.png");
    }

    @Test
    void keepsBothPicturesOfOneName() throws Exception {
        folder.put("one-shape.png", "same.png");
        Await.until("the first is done", () -> folder.isDone("same.png"));
        folder.put("two-shapes.png", "same.png");
        Await.until(
                "the second is done",
                () -> folder.isDone("same.png") && names("same").size() == 2);
        folder.put("two-shapes.png", "same.png");
        Await.until("the second is done again", () -> folder.isDone("same.png"));

        assertThat(folder.caption("same.png")).isEqualTo(Goldens.caption("two-shapes.png"));
        assertThat(folder.done().resolve("same.png")).hasSameBinaryContentAs(Goldens.picture("two-shapes.png"));
        assertThat(folder.done().resolve("same-1.png")).hasSameBinaryContentAs(Goldens.picture("one-shape.png"));
        assertThat(names("same")).containsExactly("same-1.png", "same.png");
    }

    private static List<String> names(String start) throws IOException {
        return WatchedFolder.names(folder.done()).stream()
                .filter(name -> name.startsWith(start))
                .toList();
    }

    @Test
    void keepsApartPicturesThatDifferInTheirEndingsAlone() throws Exception {
        folder.put("one-shape.png", "twin.png");
        folder.put("three-shapes.jpg", "twin.jpg");
        Await.until("both are done", () -> folder.isDone("twin.png") && folder.isDone("twin.jpg"));

        assertThat(folder.caption("twin.png")).isEqualTo(Goldens.caption("one-shape.png"));
        assertThat(folder.caption("twin.jpg")).isEqualTo(Goldens.caption("three-shapes.jpg"));
    }

    @Test
    void takesNamesAsTheyAre() throws Exception {
        String name = "a ${sys.user.home} 'b' %41,*?{{vlm.model}} & #c.png";
        folder.put("one-shape.png", name);
        Await.until("it is done", () -> folder.isDone(name));

        assertThat(folder.caption(name)).isEqualTo(Goldens.caption("one-shape.png"));
    }

    @Test
    void writesOverWhatACrashLeft() throws Exception {
        folder.put("two-shapes.png", "left.png");
        Await.until("left.png is done", () -> folder.isDone("left.png"));

        assertThat(folder.caption("left.png")).isEqualTo(Goldens.caption("two-shapes.png"));
        assertThat(new ObjectMapper()
                        .readTree(folder.captions().resolve("left.png.json").toFile())
                        .get("caption")
                        .asText())
                .isEqualTo(Goldens.caption("two-shapes.png"));
        assertThat(WatchedFolder.names(folder.captions())).doesNotContain(".left.png.txt", ".left.png.json");
    }
}
