package io.github.camelvlm.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The commands by which people are told to ask the HTTP service, typed as they stand. */
@Timeout(60)
class DocumentedCommandsTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Pattern BLOCK = Pattern.compile("(?s)```sh\\n(curl .*?)\\n```");

    private static RunningService service;

    @BeforeAll
    static void start() {
        assumeTrue(
                Stream.of("curl", "bash", "base64")
                        .allMatch(program -> Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
                                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)))),
                "curl, bash or base64 is not installed");
        service = new RunningService(Map.of());
    }

    @AfterAll
    static void stop() {
        if (service != null) {
            service.close();
        }
    }

    static List<String> commands() throws IOException {
        return Stream.of("README.md", "routes/src/main/docs/http.md")
                .flatMap(page ->
                        BLOCK.matcher(read(ROOT.resolve(page))).results().map(block -> block.group(1)))
                .toList();
    }

    private static String read(Path page) {
        try {
            return Files.readString(page);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @MethodSource("commands")
    void describeTheRedCircle(String command) throws Exception {
        Process bash = new ProcessBuilder(
                        "bash", "-e", "-c", command.replace("localhost:8000", "localhost:" + service.port()))
                .directory(ROOT.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(bash.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(bash.exitValue()).as(output).isZero();
        assertThat(output).contains("red circle").doesNotContain("\"error\":{");
    }
}
