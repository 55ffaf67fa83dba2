package io.github.camelvlm.routes;

import static org.assertj.core.api.Assertions.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class ApplicationTest {
    @TempDir
    private Path root;

    @Test
    void takesPropertiesFromTheCommandLineThenTheEnvironmentThenAFile() throws Exception {
        Files.write(
                root.resolve("application.properties"),
                List.of(
                        "vlm.model = " + Goldens.MODEL.toString().replace('\\', '/'),
                        "vlm.settle = 300ms",
                        "vlm.max-tokens = 3",
                        "vlm.inbox = by-file",
                        "vlm.captions = by-file",
                        "vlm.done = by-file"));
        Files.createDirectories(root.resolve("by-file"));
        Files.copy(Goldens.picture("one-shape.png"), root.resolve("by-file/one.png"));
        Map<String, String> environment =
                Map.of("VLM_CAPTIONS", "by-environment", "VLM_DONE", "by-environment", "VLM_MAX_TOKENS", "4");
        try (ApplicationProcess application = new ApplicationProcess(
                root, environment, "--vlm.done=by-command-line", "vlm.max-tokens=5", "--vlm.promt=x")) {
            Await.until("one.png is done", () -> Files.exists(root.resolve("by-command-line/one.png")));

            assertThat(root.resolve("by-environment/one.png.txt")).hasContent("A small yellow diamond on");
            assertThat(application.output()).anyMatch(line -> line.contains("Model shapes-vl runs on"));
            assertThat(application.output()).anyMatch(line -> line.contains("Watching " + root.resolve("by-file")));
            assertThat(application.output())
                    .anyMatch(line -> line.contains(" WARN ")
                            && line.endsWith("The property vlm.promt is unknown and does nothing: the nearest known one"
                                    + " is vlm.prompt"));
        }
    }

    @Test
    void asksAPromptAsItIsWritten() throws Exception {
        WatchedFolder folder = new WatchedFolder(root);
        folder.put("one-shape.png", "one.png");
        Map<String, String> environment =
                Map.of("VLM_MODEL", Goldens.MODEL.toString(), "VLM_PROMPT", "50% & a=b + #1?", "VLM_SETTLE", "300ms");
        try (ApplicationProcess application = new ApplicationProcess(root, environment)) {
            Await.until("one.png is done", () -> folder.isDone("one.png"));
            assertThat(application.errors()).isEmpty();
        }

        // Counted with Hugging Face's tokenizers: the picture and the template, and this prompt.
        assertThat(folder.captions().resolve("one.png.json")).content().contains("\"prompt_tokens\" : 51,");
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void leavesAPictureAloneWhoseNameItsLocaleLacks() throws Exception {
        assumeTrue("UTF-8".equals(System.getProperty("sun.jnu.encoding")), "the name cannot be made here");
        WatchedFolder folder = new WatchedFolder(root);
        folder.put("one-shape.png", "\u00e9.png");
        folder.put("one-shape.png", "one.png");
        Map<String, String> environment =
                Map.of("VLM_MODEL", Goldens.MODEL.toString(), "LC_ALL", "C", "VLM_SETTLE", "300ms");
        try (ApplicationProcess application = new ApplicationProcess(root, environment)) {
            Await.until("one.png is done", () -> folder.isDone("one.png"));

            assertThat(application.output().stream().filter(line -> line.contains(" WARN ")))
                    .singleElement(as(STRING))
                    .contains("Start with LC_ALL=C.UTF-8, or rename it");
        }
        assertThat(WatchedFolder.names(folder.inbox())).containsExactly("\u00e9.png");
        assertThat(WatchedFolder.names(folder.failed())).isEmpty();
    }

    @Test
    void refusesAFolderThatAUriCannotName() throws Exception {
        assertThat(messageOfAFailedStart("--vlm.model=any", "--vlm.inbox=50%20"))
                .isEqualTo("camel-vlm cannot start: vlm.inbox is " + root.resolve("50%20")
                        + ": name a folder whose path has neither ? nor %");
    }

    @Test
    void saysWhatToSetWhenNoModelIsNamed() throws Exception {
        assertThat(messageOfAFailedStart())
                .isEqualTo("camel-vlm cannot start: no model is named. Set VLM_MODEL, or vlm.model in"
                        + " application.properties or as --vlm.model=DIRECTORY, to the directory of a Qwen-VL model,"
                        + " such as samples/models/shapes-vl, or to its name on the Hugging Face Hub, such as"
                        + " Qwen/Qwen2-VL-2B-Instruct");
    }

    @Test
    void saysWhatToSetWhenNoServerIsNamed() throws Exception {
        assertThat(messageOfAFailedStart("--vlm.engine=remote"))
                .startsWith("camel-vlm cannot start: vlm.engine is remote, but no server is named. Set VLM_BASE_URL");
    }

    @Test
    void saysWhyAModelCannotBeLoaded() throws Exception {
        Path empty = Files.createDirectory(root.resolve("empty"));

        assertThat(messageOfAFailedStart("--vlm.model=" + empty))
                .startsWith("camel-vlm cannot start: ")
                .contains("config.json");
    }

    @Test
    void refusesOneFolderForTwoThings() throws Exception {
        assertThat(messageOfAFailedStart("--vlm.model=any", "--vlm.captions=inbox/../inbox"))
                .isEqualTo("camel-vlm cannot start: vlm.inbox and vlm.captions are both " + root.resolve("inbox")
                        + ": give each a folder of its own");
    }

    @Test
    void refusesAFolderInTheInboxWhereItWouldBeWatchedToo() throws Exception {
        assertThat(messageOfAFailedStart("--vlm.model=any", "--vlm.done=inbox/done"))
                .isEqualTo("camel-vlm cannot start: vlm.done is " + root.resolve("inbox/done")
                        + ", a sub-folder of vlm.inbox, where it would be watched too: name a folder elsewhere, or set"
                        + " vlm.sub-folders=false");
    }

    @Test
    void refusesAnArgumentThatIsNoProperty() throws Exception {
        assertThat(messageOfAFailedStart("samples"))
                .isEqualTo("camel-vlm cannot start: \"samples\" is not a property: write --name=value, such as"
                        + " --vlm.model=samples/models/shapes-vl");
    }

    @Test
    void refusesAFolderThatCannotBe() throws Exception {
        Files.createFile(root.resolve("file"));

        assertThat(messageOfAFailedStart("--vlm.model=any", "--vlm.captions=file/captions"))
                .isEqualTo("camel-vlm cannot start: vlm.captions is " + root.resolve("file/captions")
                        + ", and this folder cannot be made: make it yourself, or name another");
    }

    @Test
    void refusesANumberThatIsNone() throws Exception {
        assertThat(messageOfAFailedStart("--vlm.model=any", "--camel.component.vlm.configuration.threads=many"))
                .isEqualTo("camel-vlm cannot start: VLM_THREADS must be a number, but is \"many\"");
    }

    @Test
    void refusesASizeThatCamelWouldTakeForZero() throws Exception {
        assertThat(messageOfAFailedStart("--vlm.model=any", "--api.max-body=64MB"))
                .isEqualTo("camel-vlm cannot start: api.max-body is \"64MB\": write a whole number");
    }

    @Test
    void saysThatAFileOfKeysIsMissing() throws Exception {
        assertThat(messageOfAFailedStart("--vlm.model=" + Goldens.MODEL, "--api.key-file=missing"))
                .isEqualTo("camel-vlm cannot start: The file of API keys cannot be read: missing. Name a text file with"
                        + " one key per line");
    }

    @Test
    void namesTheOptionOfAnOriginThatIsNone() throws Exception {
        assertThat(messageOfAFailedStart("--vlm.model=" + Goldens.MODEL, "--api.cors-origins=example.org"))
                .startsWith("camel-vlm cannot start: The origin \"example.org\" of corsOrigins (API_CORS_ORIGINS)");
    }

    @Test
    void refusesATimeThatIsNone() throws Exception {
        assertThat(messageOfAFailedStart("--vlm.model=" + Goldens.MODEL, "--vlm.settle=soon"))
                .contains("vlm.settle is \"soon\": write a time, such as 2s or 500ms");
    }

    @Test
    void endsWhereAnErrorStopsTheStart() throws Exception {
        Map<String, String> environment = Map.of("VLM_FOLDER", "false", "VLM_MODEL", Goldens.MODEL.toString());

        try (ApplicationProcess application =
                new ApplicationProcess(root, environment, jar -> !jar.contains("jinjava"))) {
            assertThat(application.exitCode()).isEqualTo(1);
            assertThat(application.errors())
                    .singleElement()
                    .asString()
                    .startsWith("camel-vlm cannot start: java.lang.NoClassDefFoundError: jinjava/");
        }
    }

    private String messageOfAFailedStart(String... arguments) throws IOException, InterruptedException {
        try (ApplicationProcess application = new ApplicationProcess(root, Map.of(), arguments)) {
            assertThat(application.exitCode()).isEqualTo(1);
            assertThat(application.output()).allMatch(line -> line.contains(" INFO "));
            assertThat(application.errors()).hasSize(1);
            return application.errors().get(0);
        }
    }
}
