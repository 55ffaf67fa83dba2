package io.github.camelvlm.routes.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.camelvlm.routes.ApplicationProcess;
import io.github.camelvlm.routes.Await;
import io.github.camelvlm.routes.BlankPicture;
import io.github.camelvlm.routes.Goldens;
import io.github.camelvlm.routes.RunningRoutes;
import io.github.camelvlm.routes.WatchedFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What errors call the options of the component. */
class OptionNamesTest {
    private static final Path COMPONENT = Path.of("../camel-vlm-component/src/main/java/io/github/camelvlm");
    private static final Map<String, String> NAMES = new OptionNames().names();

    /** Sentences about fields of a request, which have these names too. */
    private static final Set<String> FIELDS = Set.of("model", "prompt", "stop", "seed", "temperature", "streaming");

    @TempDir
    private Path root;

    private static String any(Stream<String> names) {
        return names.collect(Collectors.joining("|", "(?:", ")"));
    }

    private static boolean isCamelCase(String name) {
        return !name.equals(name.toLowerCase(Locale.ROOT));
    }

    /** Where a text names an option: one of several words always does, one of a single word where it cannot be a word. */
    private static Pattern mention() {
        String camelCase = any(NAMES.keySet().stream().filter(OptionNamesTest::isCamelCase));
        String plain = any(NAMES.keySet().stream().filter(name -> !isCamelCase(name)));
        String settings = any(NAMES.keySet().stream().filter(name -> !isCamelCase(name) && !FIELDS.contains(name)));
        return Pattern.compile("\\b" + camelCase + "\\b|\\b" + plain + "(?==)|(?<=option )" + plain + "\\b|^" + settings
                + "(?= must| is)|\\b" + plain + "(?=, (?:" + plain + ", )*" + camelCase + "\\b)");
    }

    private static List<String> mentions(String text) {
        return mention().matcher(text).results().map(MatchResult::group).toList();
    }

    /** What stands between quotation marks in the component's code; of a name that is checked, the sentence about it. */
    private static List<String> texts() throws IOException {
        List<String> texts = new ArrayList<>();
        try (Stream<Path> files = Files.walk(COMPONENT)) {
            for (Path file : files.filter(path -> path.toString().endsWith(".java"))
                    .filter(path -> !path.toString().endsWith("Configuration.java"))
                    // Of programs in Java, whose callers never see the application.
                    .filter(path ->
                            !path.endsWith("VlmModel.java") && !path.toString().contains("langchain4j"))
                    .toList()) {
                String code = Files.readString(file)
                        .replaceAll("(?s)/\\*.*?\\*/|(?m)^\\s*//.*$|'\\\\?.'|(?s)\"\"\".*?\"\"\"", "")
                        .replaceAll("require(\\w*)\\(\"(\\w+)\"", "require(\"$2 must be \"")
                        .replaceAll("\"\\s*\\+\\s*\"", "");
                Pattern.compile("\"((?:[^\"\\\\]++|\\\\.)*+)\"")
                        .matcher(code)
                        .results()
                        .map(text -> text.group(1))
                        .forEach(texts::add);
            }
        }
        return texts;
    }

    @Test
    void areThoseOfTheApplicationInEverySentenceOfTheComponent() throws IOException {
        List<String> naming =
                texts().stream().filter(text -> !mentions(text).isEmpty()).toList();

        assertThat(naming.stream().flatMap(text -> mentions(text).stream()))
                .contains("maxImageBytes", "quantization", "download", "engine", "threads", "hub", "baseUrl", "dtype");
        assertThat(naming).allSatisfy(text -> {
            assertThat(mentions(OptionNames.in(text))).isEmpty();
            assertThat(mentions(text))
                    .allSatisfy(option -> assertThat(OptionNames.in(text)).contains(NAMES.get(option)));
        });
    }

    @Test
    void canAllBeSet() throws IOException {
        String properties = Files.readString(Path.of("src/main/resources/application.properties"));
        Set<String> unknown = new TreeSet<>();
        NAMES.values().stream().filter(name -> name.matches("[A-Z0-9_]+")).forEach(name -> {
            String property = name.toLowerCase(Locale.ROOT).replace("_", "[.-]");
            if (!Pattern.compile("(?m)^(# )?" + property + " =")
                    .matcher(properties)
                    .find()) {
                unknown.add(name);
            }
        });

        assertThat(unknown).isEmpty();
        // Camel's own are rarely wanted.
        assertThat(NAMES.values().stream().filter(name -> !name.matches("(VLM|API)_[A-Z0-9_]+")))
                .allMatch(name -> name.startsWith("camel.component.vlm.configuration."));
        assertThat(NAMES)
                .containsEntry("maxPixels", "VLM_MAX_PIXELS")
                .containsEntry("connectTimeout", "API_CONNECT_TIMEOUT")
                .containsEntry("shutdownTimeout", "camel.component.vlm.configuration.shutdown-timeout");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "picture maxImages.png is empty: it has no bytes, so copy the file again",
                "picture http://a.test/maxPixels/b cannot be fetched: the server answers 404; check the address",
                "The model is busy, and the device is too small: its threads stop at a prompt",
                "model must be a text"
            })
    void leavesOtherWordsAlone(String sentence) {
        assertThat(OptionNames.in(sentence)).isEqualTo(sentence);
    }

    @Test
    void differWhereItIsSaid() {
        OptionNames names = new OptionNames();
        names.setOthers("maxImageBytes=API_MAX_IMAGE_BYTES, maxPixels=max_pixels");

        assertThat(names.apply("raise maxImageBytes, or lower maxPixels or maxImagePixels"))
                .isEqualTo("raise API_MAX_IMAGE_BYTES, or lower max_pixels or VLM_MAX_IMAGE_PIXELS");
        assertThatThrownBy(() -> names.setOthers("maxImage=API_MAX_IMAGES"))
                .hasMessageContaining("\"maxImage=API_MAX_IMAGES\"");
    }

    @Test
    void areToldBesideAPictureOfTheFolder() throws Exception {
        WatchedFolder folder = new WatchedFolder(root);
        folder.put(BlankPicture.png(1000, 1000), "large.png");
        folder.put(new byte[200_000], "long.png");
        try (RunningRoutes routes =
                new RunningRoutes(root, Map.of("vlm.max-image-pixels", "900000", "vlm.max-image-bytes", "100000"))) {
            Await.until("both have failed", () -> folder.hasFailed("large.png") && folder.hasFailed("long.png"));
            assertThat(routes.context().getStatus().isStarted()).isTrue();
        }

        assertThat(folder.error("large.png")).endsWith(": scale it down or raise VLM_MAX_IMAGE_PIXELS");
        assertThat(folder.error("long.png")).endsWith(", or raise VLM_MAX_IMAGE_BYTES");
        assertThat(Files.readString(folder.captions().resolve("summary.jsonl")))
                .contains("VLM_MAX_IMAGE_PIXELS", "VLM_MAX_IMAGE_BYTES");
    }

    @Test
    void areToldOnTheCommandLine() throws Exception {
        Files.write(root.resolve("large.png"), BlankPicture.png(1000, 1000));
        Map<String, String> environment =
                Map.of("VLM_MODEL", Goldens.MODEL.toString(), "VLM_THREADS", "1", "VLM_MAX_IMAGE_PIXELS", "900000");
        try (ApplicationProcess describe = new ApplicationProcess(root, environment, "describe", "large.png")) {
            assertThat(describe.exitCode()).isEqualTo(1);
            assertThat(describe.errors()).last().asString().endsWith("raise VLM_MAX_IMAGE_PIXELS");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "VLM_CONTEXT_LENGTH=1000000 | VLM_CONTEXT_LENGTH is 1000000, but the model in ",
                "VLM_DEVICE=gpu | VLM_DEVICE must be auto, cpu, cuda or cuda:N, but is gpu",
                "VLM_MAX_PIXELS=many | VLM_MAX_PIXELS must be a number, but is \"many\"",
                "VLM_HUB=other | VLM_HUB must be huggingface or modelscope, but is other"
            })
    void areToldWhereTheApplicationCannotStart(String setting, String sentence) throws Exception {
        String[] parts = setting.split("=");
        Map<String, String> environment = Map.of(
                "VLM_MODEL",
                parts[0].equals("VLM_HUB") ? "nobody/nothing" : Goldens.MODEL.toString(),
                parts[0],
                parts[1]);
        try (ApplicationProcess application = new ApplicationProcess(root, environment)) {
            assertThat(application.exitCode()).isEqualTo(1);
            assertThat(application.errors())
                    .last()
                    .asString()
                    .contains("cannot start: ")
                    .contains(sentence);
        }
    }
}
