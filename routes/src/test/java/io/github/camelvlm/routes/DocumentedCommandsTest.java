package io.github.camelvlm.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The commands of the pages, typed as they stand in a folder where the repository's files are. */
@Timeout(120)
class DocumentedCommandsTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    /** Why a command is not typed here; where another run does it, that is said. */
    private static final Set<String> REASONS = Set.of(
            "it is the build itself",
            ".ci/run does it",
            "it takes ten minutes",
            "it needs a GPU",
            "it needs a bucket of S3",
            "it needs Docker",
            "it needs Camel's command line",
            "it needs a broker",
            "it needs Node and its packages",
            "it needs packages of Python",
            "it needs several terminals",
            "it shows a file of yours");

    private static final Pattern SERVING = Pattern.compile("API at https?://[^\\s/]*:(\\d+)/v1");
    /**
     * The build has been done, and what it makes is run from the class path, as the other tests of processes do; by the quick
     * compiler alone, since each process lives for seconds.
     */
    private static final String PROGRAMS = """
            mvn() { [ "$*" = "-q -DskipTests package" ]; }
            javac() { "$JAVAC" "${@//routes\\/target\\/camel-vlm.jar:routes\\/target\\/lib\\/\\*/$CLASS_PATH}"; }
            java() {
              local class_path=$CLASS_PATH
              case "$1 $2" in
                "-jar routes/target/camel-vlm.jar") shift 2 ;;
                "-cp routes/target/camel-vlm.jar"*)
                  class_path=${2/routes\\/target\\/camel-vlm.jar/$CLASS_PATH}
                  shift 3 ;;
                *) return 1 ;;
              esac
              case "$1" in
                describe|config|health) "$JAVA" -XX:TieredStopAtLevel=1 -cp "$class_path" "$MAIN" "$@" ;;
                *) exec "$JAVA" -XX:TieredStopAtLevel=1 -cp "$class_path" "$MAIN" "$@" --api.port=0 ;;
              esac
            }
            """;

    private static RunningService service;

    @TempDir
    private Path folder;

    @BeforeAll
    static void start() {
        assumeTrue(
                Stream.of("curl", "bash", "base64")
                        .allMatch(program -> Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
                                .anyMatch(place -> Files.isExecutable(Path.of(place, program)))),
                "curl, bash or base64 is not installed");
        service = new RunningService(Map.of());
    }

    @AfterAll
    static void stop() {
        if (service != null) {
            service.close();
        }
    }

    static List<DocumentedCommand> all() throws IOException {
        List<DocumentedCommand> commands = new ArrayList<>();
        for (Path page : DocumentationTest.pages()) {
            commands.addAll(DocumentedCommand.of(page, ROOT.relativize(page).toString()));
        }
        return commands;
    }

    static List<DocumentedCommand> run() throws IOException {
        // What several pages tell is typed once.
        return List.copyOf(all().stream()
                .filter(DocumentedCommand::isRun)
                .collect(Collectors.toMap(
                        command -> command.text() + command.asked() + command.printed(),
                        command -> command,
                        (first, second) -> first,
                        LinkedHashMap::new))
                .values());
    }

    @Test
    void thatAreNotTypedSayWhy() throws IOException {
        List<DocumentedCommand> notRun =
                all().stream().filter(command -> !command.isRun()).toList();
        notRun.forEach(command -> System.out.println("Not typed: " + command + " (" + command.notRun() + ")"));

        assertThat(notRun).extracting(DocumentedCommand::notRun).isSubsetOf(REASONS);
    }

    @Test
    void standInBlocksThatSayHowTheyAreTried() throws IOException {
        for (Path page : DocumentationTest.pages()) {
            String outside = Files.readString(page).replaceAll("(?ms)^```.*?^```", "");

            assertThat(outside).as(page.toString()).doesNotContainPattern("(?m)^ {4}.*(java -jar|curl |mvn )");
        }
    }

    @ParameterizedTest
    @MethodSource("run")
    void doWhatTheirPageSays(DocumentedCommand command) throws Exception {
        Files.createSymbolicLink(folder.resolve("samples"), ROOT.resolve("samples"));
        if (command.serves()) {
            serve(command);
        } else {
            Path output = folder.resolve("output");
            Process bash = bash(command.text(), service.port(), output);
            assertThat(bash.waitFor(60, TimeUnit.SECONDS)).isTrue();
            answered(command.text(), bash, Files.readString(output));
            assertThat(command.missing(Files.readString(output)))
                    .as("a line that is not in%n%s", Files.readString(output))
                    .isNull();
        }
    }

    private void serve(DocumentedCommand command) throws Exception {
        Path output = folder.resolve("output");
        Process application = bash(command.text(), 0, output);
        try {
            Await.until("what " + command + " prints", Duration.ofSeconds(60), () -> {
                String printed = Files.readString(output);
                assertThat(application.isAlive()).as(printed).isTrue();
                return command.asked().isEmpty() && !command.printed().isEmpty()
                        ? command.missing(printed) == null
                        : SERVING.matcher(printed).find();
            });
            for (String question : command.asked()) {
                Path answer = Files.createTempFile(folder, "answer", ".txt");
                Matcher serving = SERVING.matcher(Files.readString(output));
                assertThat(serving.find()).isTrue();
                Process asking = bash(question, Integer.parseInt(serving.group(1)), answer);
                assertThat(asking.waitFor(30, TimeUnit.SECONDS)).isTrue();
                answered(question, asking, Files.readString(answer));
                assertThat(command.missing(Files.readString(answer)))
                        .as(Files.readString(answer))
                        .isNull();
            }
        } catch (AssertionError e) {
            throw new AssertionError(e.getMessage() + "\n" + Files.readString(output), e);
        } finally {
            application.destroy();
            application
                    .onExit()
                    .orTimeout(30, TimeUnit.SECONDS)
                    .exceptionally(late -> application.destroyForcibly())
                    .join();
        }
    }

    private static void answered(String text, Process process, String output) {
        assertThat(process.exitValue()).as(text + "\n" + output).isZero();
        assertThat(output).doesNotContain("\"error\":{");
        if (text.contains("red-circle.png")) {
            assertThat(output).contains("red circle");
        }
    }

    private Process bash(String text, int port, Path output) throws IOException {
        ProcessBuilder bash = new ProcessBuilder(
                        "bash", "-e", "-c", PROGRAMS + text.replaceAll("localhost:[89]\\d{3}", "localhost:" + port))
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()));
        Map<String, String> environment = bash.environment();
        environment.keySet().removeIf(name -> name.startsWith("VLM_") || name.startsWith("API_"));
        environment.put(
                "JAVA", Path.of(System.getProperty("java.home"), "bin", "java").toString());
        environment.put(
                "JAVAC",
                Path.of(System.getProperty("java.home"), "bin", "javac").toString());
        environment.put(
                "CLASS_PATH",
                Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                        .map(place -> Path.of(place).toAbsolutePath().toString())
                        .collect(Collectors.joining(File.pathSeparator)));
        environment.put("MAIN", CamelVlm.class.getName());
        return bash.start();
    }
}
