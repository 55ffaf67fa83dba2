package io.github.camelvlm.routes.folder;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelvlm.routes.Await;
import io.github.camelvlm.routes.Goldens;
import io.github.camelvlm.routes.RunningRoutes;
import io.github.camelvlm.routes.WatchedFolder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is said of folders within the inbox: their pictures, their questions, and which of their files are taken. */
class SubFoldersTest {
    @TempDir
    private static Path root;

    private static WatchedFolder folder;
    private static RunningRoutes routes;

    @BeforeAll
    static void start() throws IOException {
        folder = new WatchedFolder(root);
        prompt("signs", "\uFEFFRead the text in the image.\r\n");
        prompt("signs/lists", "List the objects as JSON.");
        prompt("signs/empty", " \n");
        routes = new RunningRoutes(
                root,
                Map.of(
                        "vlm.include", "**/*.png,cameras/*/*.jpg",
                        "vlm.exclude", "**/draft-*,private/**",
                        "vlm.summary", "all.jsonl, all.csv"));
    }

    private static void prompt(String name, String text) throws IOException {
        Path file = folder.inbox().resolve(name).resolve("prompt.txt");
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    @AfterAll
    static void stop() {
        routes.close();
    }

    @Test
    void areMirroredInTheOtherFolders() throws Exception {
        folder.put("one-shape.png", "v1.2/left.side/same.png");
        folder.put("two-shapes.png", "v1.2/same.png");
        folder.put("These are words.".getBytes(StandardCharsets.UTF_8), "v1.2/words.png");
        Await.until("words.png has failed", () -> folder.hasFailed("v1.2/words.png"));
        Await.until("the first is done", () -> folder.isDone("v1.2/left.side/same.png"));
        Await.until("the second is done", () -> folder.isDone("v1.2/same.png"));
        folder.put("two-shapes.png", "v1.2/left.side/same.png");
        Await.until(
                "the third is done",
                () -> Files.exists(folder.done().resolve("v1.2/left.side/same-1.png"))
                        && folder.isDone("v1.2/left.side/same.png"));

        assertThat(folder.caption("v1.2/left.side/same.png")).isEqualTo(Goldens.caption("two-shapes.png"));
        assertThat(folder.caption("v1.2/same.png")).isEqualTo(Goldens.caption("two-shapes.png"));
        assertThat(folder.captions().resolve("v1.2/left.side/same.png.json"))
                .content()
                .contains("\"name\" : \"v1.2/left.side/same.png\"");
        assertThat(folder.error("v1.2/words.png")).startsWith("v1.2/words.png cannot be described: ");
        assertThat(WatchedFolder.names(folder.captions().resolve("v1.2")))
                .containsExactly("left.side", "same.png.json", "same.png.txt");
    }

    @Test
    void haveTheirOwnQuestionsFromTheNearestPromptTxt() throws Exception {
        folder.put("one-shape.png", "one.png");
        folder.put("sign.png", "signs/sign.png");
        folder.put("sign.png", "signs/empty/deep/sign.png");
        folder.put("two-shapes.png", "signs/lists/two.png");
        for (String name : List.of("one.png", "signs/sign.png", "signs/empty/deep/sign.png", "signs/lists/two.png")) {
            Await.until(name + " is done", () -> folder.isDone(name));
        }

        assertThat(folder.caption("one.png")).isEqualTo(Goldens.caption("one-shape.png"));
        assertThat(folder.caption("signs/sign.png")).isEqualTo(Goldens.answer("read"));
        assertThat(folder.caption("signs/empty/deep/sign.png")).isEqualTo(Goldens.answer("read"));
        assertThat(folder.caption("signs/lists/two.png")).isEqualTo(Goldens.answer("json"));
        assertThat(folder.inbox().resolve("signs/lists/prompt.txt")).exists();
    }

    @Test
    void giveThePicturesThatTheirPatternsName() throws Exception {
        folder.put("sign.png", "private/one.png");
        folder.put("sign.png", "cameras/draft-one.png");
        folder.put("three-shapes.jpg", "cameras/one.jpg");
        folder.put("three-shapes.jpg", "cameras/north/one.jpg");
        folder.put("one-shape.png", "ONE.PNG");
        folder.put("one-shape.png", "last.png");
        for (String name : List.of("cameras/north/one.jpg", "ONE.PNG", "last.png")) {
            Await.until(name + " is done", () -> folder.isDone(name));
        }

        assertThat(List.of("private/one.png", "cameras/draft-one.png", "cameras/one.jpg"))
                .allMatch(name -> Files.exists(folder.inbox().resolve(name)));
    }

    @Test
    void areSummarizedInEveryFileThatIsNamed() throws Exception {
        folder.put("one-shape.png", "rows/1.png");
        Await.until("it is done", () -> folder.isDone("rows/1.png"));
        folder.put(new byte[0], "rows/2.png");
        Await.until("it has failed", () -> folder.hasFailed("rows/2.png"));

        assertThat(Files.readAllLines(folder.captions().resolve("all.csv")))
                .startsWith("name,caption,error,model,finish_reason,prompt_tokens,completion_tokens,total_ms,bytes,"
                        + "modified_ms,at")
                .anyMatch(line -> line.startsWith(
                        "rows/1.png,A small yellow diamond on a white background.,,shapes-vl," + "stop,41,10,"))
                .anyMatch(line -> line.startsWith("rows/2.png,,\"picture 2.png is empty: it has no bytes, so copy the"
                        + " file again\",,,,,,0,"));
        assertThat(Files.readAllLines(folder.captions().resolve("all.jsonl")))
                .anyMatch(line -> line.startsWith(
                        "{\"name\":\"rows/1.png\",\"caption\":\"A small yellow diamond on a white background.\","))
                .anyMatch(line -> line.startsWith("{\"name\":\"rows/2.png\",\"error\":\"picture 2.png is empty: "));
    }
}
