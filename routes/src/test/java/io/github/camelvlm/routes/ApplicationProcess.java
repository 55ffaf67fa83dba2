package io.github.camelvlm.routes;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.condition.OS;

/** The application in a process of its own, as {@code java -jar} starts it. */
public final class ApplicationProcess implements AutoCloseable {
    /** What runs a command so that it heeds Ctrl-C: a build in the background, or under nohup, ignores it with all its children. */
    private static final List<List<String>> HEEDING_INTERRUPTS = List.of(
            List.of("env", "--default-signal=INT"),
            List.of("perl", "-e", "$SIG{INT} = 'DEFAULT'; exec { $ARGV[0] } @ARGV or die $!"));

    private final Process process;
    private final Path output;
    private final Path errors;

    public ApplicationProcess(Path workingDirectory, Map<String, String> environment, String... arguments)
            throws IOException {
        this(workingDirectory, environment, jar -> true, arguments);
    }

    /** @param classPath which of the test's own jars and folders it has */
    public ApplicationProcess(
            Path workingDirectory, Map<String, String> environment, Predicate<String> classPath, String... arguments)
            throws IOException {
        output = Files.createTempFile(workingDirectory, "output", ".log");
        errors = Files.createTempFile(workingDirectory, "errors", ".log");
        List<String> command = new ArrayList<>(heedingInterrupts());
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                        .filter(classPath)
                        .collect(Collectors.joining(File.pathSeparator)),
                CamelVlm.class.getName()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(workingDirectory.toFile())
                .redirectOutput(output.toFile())
                .redirectError(errors.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("VLM_"));
        builder.environment().put("API_PORT", "0");
        builder.environment().put("API_HOST", "127.0.0.1");
        builder.environment().putAll(environment);
        process = builder.start();
    }

    private static List<String> heedingInterrupts() throws IOException {
        if (OS.WINDOWS.isCurrentOs()) {
            return List.of();
        }
        for (List<String> prefix : HEEDING_INTERRUPTS) {
            if (runs(prefix)) {
                return prefix;
            }
        }
        throw new IOException("There is neither perl nor an env that knows --default-signal: install one of them");
    }

    private static boolean runs(List<String> prefix) {
        try {
            return new ProcessBuilder(Stream.concat(prefix.stream(), Stream.of("true"))
                                    .toList())
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .onExit()
                            .join()
                            .exitValue()
                    == 0;
        } catch (IOException e) {
            return false;
        }
    }

    /** The number by which the operating system knows it. */
    public long pid() {
        return process.pid();
    }

    /** Ends it as a power cut would. */
    public void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** Interrupts it as Ctrl-C does. */
    public void interrupt() throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();
    }

    /** Gives it all that it will read from its standard input. */
    public void send(byte[] input) throws IOException {
        try (OutputStream in = process.getOutputStream()) {
            in.write(input);
        }
    }

    /** Waits for its own end, and gives its exit code. */
    public int exitCode() throws InterruptedException {
        if (!process.waitFor(2, TimeUnit.MINUTES)) {
            throw new AssertionError("The application still runs after two minutes");
        }
        return process.exitValue();
    }

    /** The lines of its log so far. */
    public List<String> output() throws IOException {
        return Files.readAllLines(output);
    }

    /** The lines of its standard error so far. */
    public List<String> errors() throws IOException {
        return Files.readAllLines(errors);
    }

    /** Asks it to stop, and gives it 30 seconds. */
    @Override
    public void close() {
        stop();
    }

    public void stop() {
        process.destroy();
        process.onExit()
                .orTimeout(30, TimeUnit.SECONDS)
                .exceptionally(late -> process.destroyForcibly())
                .join();
    }
}
