package io.github.camelvlm.routes.start;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.github.camelvlm.routes.Await;
import io.github.camelvlm.routes.Conversations;
import io.github.camelvlm.routes.Goldens;
import io.github.camelvlm.routes.RunningService;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Holds the files of {@code samples/deploy} to the application: what they set, watch and ask is there. */
class DeploySamplesTest {
    private static final Path FOLDER = Goldens.MODEL.resolve("../../deploy").normalize();
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
    private static final Set<String> OF_OTHERS =
            Set.of("JAVA_TOOL_OPTIONS", "HF_HOME", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY");
    private static final Pattern METRIC = Pattern.compile("\\b(?:vlm|gen_ai|jvm|process|system)_\\w+");
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{\\w+:?([-?])([^}]*)}");

    private static Stream<Path> files() throws IOException {
        try (Stream<Path> files = Files.walk(FOLDER)) {
            return files.filter(file -> file.toString().matches(".*\\.(yaml|json)")).toList().stream();
        }
    }

    /** The documents of a file. */
    private static List<JsonNode> documents(Path file) throws IOException {
        try (var documents = YAML.readerFor(JsonNode.class).<JsonNode>readValues(file.toFile())) {
            return documents.readAll();
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    void parse(Path file) throws IOException {
        assertThat(documents(file)).isNotEmpty().allMatch(JsonNode::isObject);
    }

    private static Stream<Map<String, String>> environments() throws IOException {
        return Stream.of(
                strings(documents(FOLDER.resolve("compose.yaml")).get(0).at("/services/camel-vlm/environment")),
                strings(documents(FOLDER.resolve("kubernetes/camel-vlm.yaml")).stream()
                        .filter(document -> document.get("kind").asText().equals("ConfigMap"))
                        .findFirst()
                        .orElseThrow()
                        .get("data")),
                ofUnit());
    }

    private static Map<String, String> strings(JsonNode environment) {
        Map<String, String> variables = new TreeMap<>();
        environment.properties().forEach(variable -> {
            // Kubernetes refuses a number or a truth value.
            assertThat(variable.getValue().isTextual()).as(variable.getKey()).isTrue();
            variables.put(variable.getKey(), substituted(variable.getValue().asText()));
        });
        return variables;
    }

    /** As Compose has it: the default of a variable, or any value of one that must be set. */
    private static String substituted(String value) {
        return VARIABLE.matcher(value)
                .replaceAll(variable -> variable.group(1).equals("-") ? variable.group(2) : "any");
    }

    private static Map<String, String> ofUnit() throws IOException {
        Properties properties = new Properties();
        try (var in = Files.newBufferedReader(FOLDER.resolve("systemd/camel-vlm.env"))) {
            properties.load(in);
        }
        return properties.stringPropertyNames().stream()
                .collect(Collectors.toMap(name -> name, properties::getProperty));
    }

    @ParameterizedTest
    @MethodSource("environments")
    void setWhatTheApplicationKnowsToValuesThatItTakes(Map<String, String> environment) {
        assertThat(environment).containsKey("VLM_MODEL");
        assertThat(new UnknownProperties().warnings(List.of(), environment.keySet()))
                .isEmpty();
        assertThat(environment.keySet()).allMatch(name -> KnownProperties.isMeant(name) || OF_OTHERS.contains(name));
        KnownProperties known = new KnownProperties();
        assertThatCode(() -> new PropertyCheck().require(name -> {
                    String byDefault = known.defaultOf(name);
                    return environment.getOrDefault(
                            KnownProperties.inTheEnvironment(name), byDefault == null ? "" : byDefault);
                }))
                .doesNotThrowAnyException();
    }

    /** Metrics that Prometheus is asked for. */
    private static Set<String> metrics() throws IOException {
        Set<String> names = new TreeSet<>();
        for (Path file : files().toList()) {
            for (JsonNode document : documents(file)) {
                Stream.of("expr", "query")
                        .flatMap(field -> document.findValues(field).stream())
                        .flatMap(text -> METRIC.matcher(text.asText()).results())
                        .map(MatchResult::group)
                        .forEach(names::add);
            }
        }
        return names;
    }

    private static Set<String> probes() throws IOException {
        Set<String> paths = new TreeSet<>();
        for (JsonNode document : documents(FOLDER.resolve("kubernetes/camel-vlm.yaml"))) {
            document.findValues("httpGet")
                    .forEach(get -> paths.add(get.get("path").asText()));
        }
        return paths;
    }

    private static Set<String> told(RunningService service) throws Exception {
        return service.get("/metrics")
                .text()
                .lines()
                .map(line -> line.split("[{ ]")[0])
                .collect(Collectors.toSet());
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void watchAndAskWhatThereIs() throws Exception {
        Set<String> asked = metrics();
        assertThat(asked).hasSizeGreaterThan(20);
        try (RunningService service = new RunningService(Map.of())) {
            assertThat(service.chat(Conversations.describe("one-shape.png", "Describe this image.")
                                    .toString())
                            .status())
                    .isEqualTo(200);
            assertThat(service.chat(
                                    "{\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\",\"image_url\":{\"url\":\"data:image/png;base64,iVBORw0KGgo=\"}}]}]}")
                            .status())
                    .isEqualTo(400);
            // A meter of pauses is there after the first one.
            System.gc();

            Await.until("pauses are told", () -> told(service).contains("jvm_gc_pause_seconds_sum"));
            assertThat(told(service)).containsAll(asked);
            assertThat(probes()).containsExactly("/health/live", "/health/ready");
            for (String path : probes()) {
                assertThat(service.get(path).status()).as(path).isEqualTo(200);
            }
        }
    }
}
