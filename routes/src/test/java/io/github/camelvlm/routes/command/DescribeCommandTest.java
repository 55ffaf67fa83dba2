package io.github.camelvlm.routes.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.camelvlm.routes.ApplicationProcess;
import io.github.camelvlm.routes.Await;
import io.github.camelvlm.routes.DocumentFile;
import io.github.camelvlm.routes.Goldens;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class DescribeCommandTest {
    private static final Map<String, String> MODEL =
            Map.of("VLM_MODEL", Goldens.MODEL.toString(), "VLM_DTYPE", "float32", "VLM_THREADS", "1");

    @TempDir
    private Path root;

    @Test
    void writesALinePerPictureInTheOrderGiven() throws Exception {
        copy("two-shapes.png", "pictures/b/deep.PNG");
        copy("one-shape.png", "pictures/a.png");
        copy("one-shape.png", "pictures/c.Ppm");
        copy("one-shape.png", "pictures/._a.png");
        copy("one-shape.png", "pictures/.thumbnails/a.png");
        copy("one-shape.png", "pictures/notes.txt");
        copy("tall.png", "last picture");
        Files.write(
                root.resolve("cut.jpg"), Arrays.copyOf(Files.readAllBytes(Goldens.picture("three-shapes.jpg")), 3000));
        Files.copy(Goldens.still("one-shape.heic"), root.resolve("pictures/d.heic"));
        Files.writeString(root.resolve("pictures/e.avif"), "\0\0\0 ftypavif\0\0\0\0avif");
        Files.createDirectory(root.resolve("empty"));
        try (ApplicationProcess describe = new ApplicationProcess(
                root, MODEL, "describe", "cut.jpg", "nowhere.png", "empty", "pictures", "last picture")) {
            assertThat(describe.exitCode()).isEqualTo(1);

            assertThat(describe.output())
                    .containsExactly(
                            Path.of("pictures", "a.png") + ": " + Goldens.caption("one-shape.png"),
                            Path.of("pictures", "b", "deep.PNG") + ": " + Goldens.caption("two-shapes.png"),
                            Path.of("pictures", "c.Ppm") + ": " + Goldens.caption("one-shape.png"),
                            Path.of("pictures", "d.heic") + ": " + Goldens.caption("one-shape.png"),
                            "last picture: " + Goldens.caption("tall.png"));
            assertThat(describe.errors()).hasSize(5);
            assertThat(describe.errors().get(0)).contains(" INFO  Model shapes-vl runs on cpu as float32");
            assertThat(describe.errors().subList(1, 5))
                    .containsExactly(
                            "cut.jpg: picture cut.jpg is cut off after 3,000 bytes: copy the whole file",
                            "nowhere.png: There is no file nowhere.png: check the name",
                            "empty: no picture is in this directory, or it cannot be read: name a picture, or a directory"
                                    + " with files that end in .png, .jpg, .gif, .bmp, .tiff, .webp, .heic, .avif, .ico,"
                                    + " .psd, .tga or .ppm",
                            Path.of("pictures", "e.avif")
                                    + ": picture e.avif is cut off after 20 bytes: copy the whole file");
        }
        // No folder is watched.
        assertThat(root.resolve("inbox")).doesNotExist();
    }

    @Test
    void writesTheBareCaptionOfOnePicture() throws Exception {
        try (ApplicationProcess describe = new ApplicationProcess(
                root,
                Map.of(),
                "describe",
                "-",
                "--model=" + Goldens.MODEL,
                "--prompt",
                "Read the text in the image.")) {
            describe.send(Files.readAllBytes(Goldens.picture("sign.png")));
            assertThat(describe.exitCode()).isZero();

            assertThat(describe.output()).containsExactly(Goldens.answer("read"));
        }
    }

    @Test
    void writesJsonOnOneLine() throws Exception {
        copy("one-shape.png", "one.png");
        copy("one-shape.png", "two.png");
        try (ApplicationProcess describe =
                new ApplicationProcess(root, MODEL, "describe", "one.png", "two.png", "--json", "--max-tokens=3")) {
            assertThat(describe.exitCode()).isZero();

            assertThat(describe.output()).hasSize(2);
            JsonNode json = new ObjectMapper().readTree(describe.output().get(1));
            assertThat(json.get("name").asText()).isEqualTo("two.png");
            assertThat(json.get("caption").asText()).isEqualTo("A small yellow");
            assertThat(json.get("finish_reason").asText()).isEqualTo("length");
            assertThat(json.get("picture").get("bytes").asLong())
                    .isEqualTo(Files.size(Goldens.picture("one-shape.png")));
        }
    }

    @Test
    void writesWhatAFolderOfDocumentsAndFilmsShows() throws Exception {
        Path scans = Files.createDirectory(root.resolve("scans"));
        Files.write(scans.resolve("a.pdf"), DocumentFile.pdf("one-shape.png", "one-shape.png"));
        Files.copy(DocumentFile.film("circle-then-square.mp4"), scans.resolve("b.MP4"));
        Files.copy(DocumentFile.film("vp9.webm"), scans.resolve("c.webm"));
        Map<String, String> asked = new HashMap<>(MODEL);
        asked.put("VLM_MAX_PIXELS", "12544");
        try (ApplicationProcess describe = new ApplicationProcess(root, asked, "describe", "scans", "--json")) {
            assertThat(describe.exitCode()).isZero();

            assertThat(describe.output()).hasSize(3);
            JsonNode document = new ObjectMapper().readTree(describe.output().get(0));
            assertThat(document.get("pages"))
                    .extracting(page -> page.get("caption").asText())
                    .containsExactly(Goldens.caption("one-shape.png"), Goldens.caption("one-shape.png"));
            assertThat(describe.output().get(1)).contains("\"caption\":\"" + DocumentFile.FILM_CAPTION);
            assertThat(describe.output().get(2)).contains("\"name\":\"scans/c.webm\"", "blue square");
        }
        Files.write(root.resolve("torn.pdf"), DocumentFile.withoutPage(2, "one-shape.png", "one-shape.png"));
        try (ApplicationProcess describe = new ApplicationProcess(root, asked, "describe", "torn.pdf")) {
            assertThat(describe.exitCode()).isEqualTo(1);

            assertThat(String.join("\n", describe.output())).startsWith(Goldens.caption("one-shape.png"));
            assertThat(describe.errors())
                    .anyMatch(line -> line.contains("page 2 of document torn.pdf cannot be rendered"));
        }
    }

    @Test
    void writesCaptionsOfTheFormThatIsAskedFor() throws Exception {
        copy("two-shapes.png", "a.png");
        copy("one-shape.png", "b.png");
        Files.writeString(root.resolve("a schema.json"), """
                {"type": "object", "properties": {
                   "objects": {"type": "array", "items": {"type": "object",
                      "properties": {"color": {"type": "string"}, "shape": {"type": "string"}},
                      "required": ["color", "shape"], "additionalProperties": false}},
                   "background": {"type": "string"}},
                 "required": ["objects", "background"], "additionalProperties": false}
                """);
        Map<String, String> asked = new HashMap<>(MODEL);
        // The command line comes first.
        asked.put("VLM_CHOICES", "yes,no");
        try (ApplicationProcess describe = new ApplicationProcess(
                root,
                asked,
                "describe",
                "--schema=a schema.json",
                "--prompt=List the objects as JSON.",
                "--json",
                "a.png",
                "b.png")) {
            assertThat(describe.exitCode()).isZero();

            JsonNode json = new ObjectMapper().readTree(describe.output().get(0));
            assertThat(json.has("caption")).isFalse();
            assertThat(json.get("data"))
                    .hasToString("{\"objects\":[{\"color\":\"orange\",\"shape\":\"triangle\"},"
                            + "{\"color\":\"yellow\",\"shape\":\"hexagon\"}],\"background\":\"green\"}");
        }
        try (ApplicationProcess describe = new ApplicationProcess(root, asked, "describe", "b.png")) {
            assertThat(describe.exitCode()).isZero();

            assertThat(describe.output().get(0)).isIn("yes", "no");
        }
    }

    @Test
    void saysWhatIsWrongWithAForm() throws Exception {
        copy("one-shape.png", "a.png");
        try (ApplicationProcess describe =
                new ApplicationProcess(root, MODEL, "describe", "--choices=a,b", "--regex=a", "a.png")) {
            assertThat(describe.exitCode()).isEqualTo(2);
            assertThat(describe.errors().get(0)).contains("--choices", "--regex", "mutually exclusive");
        }
        try (ApplicationProcess describe =
                new ApplicationProcess(root, MODEL, "describe", "--schema=no.json", "a.png")) {
            assertThat(describe.exitCode()).isEqualTo(1);
            assertThat(describe.output()).isEmpty();
            assertThat(describe.errors())
                    .contains("camel-vlm: VLM_JSON_SCHEMA is no.json, a file that cannot be read: name one with a JSON"
                            + " Schema in UTF-8");
        }
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void endsAtOnceWhenItIsInterrupted() throws Exception {
        for (int number = 0; number < 500; number++) {
            copy("two-shapes.png", "pictures/" + number + ".png");
        }
        try (ApplicationProcess describe = new ApplicationProcess(root, MODEL, "describe", "pictures")) {
            Await.until("the first caption", () -> !describe.output().isEmpty());
            describe.interrupt();

            assertThat(describe.exitCode()).isEqualTo(130);
            assertThat(describe.output()).hasSizeLessThan(250);
        }
    }

    @Test
    void saysHowItIsCalled() throws Exception {
        try (ApplicationProcess describe = new ApplicationProcess(root, Map.of(), "describe", "--max-tokens=many")) {
            assertThat(describe.exitCode()).isEqualTo(2);
            assertThat(describe.output()).isEmpty();
            assertThat(describe.errors())
                    .startsWith("Invalid value for option '--max-tokens': 'many' is not an int")
                    .anyMatch(line -> line.startsWith("Usage: camel-vlm describe "));
        }
        try (ApplicationProcess version = new ApplicationProcess(root, Map.of(), "--version")) {
            assertThat(version.exitCode()).isZero();
            assertThat(version.output()).singleElement().asString().matches("camel-vlm \\d+\\.\\d+.*");
        }
        try (ApplicationProcess help = new ApplicationProcess(root, Map.of(), "--help")) {
            assertThat(help.exitCode()).isZero();
            assertThat(help.output()).contains("       java -jar camel-vlm.jar describe [OPTIONS] FILE...");
            assertThat(help.errors()).isEmpty();
        }
    }

    @Test
    void saysWhatToSetWhenNoModelIsNamed() throws Exception {
        try (ApplicationProcess describe = new ApplicationProcess(root, Map.of(), "describe", "one.png")) {
            assertThat(describe.exitCode()).isEqualTo(1);
            assertThat(describe.output()).isEmpty();
            assertThat(describe.errors()).singleElement().asString().startsWith("camel-vlm: no model is named. Set ");
        }
    }

    private void copy(String golden, String name) throws Exception {
        Path place = root.resolve(name);
        Files.createDirectories(place.getParent());
        Files.copy(Goldens.picture(golden), place);
    }
}
