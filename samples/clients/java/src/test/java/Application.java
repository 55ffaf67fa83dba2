import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The application in a process of its own on a free port, as {@code java -jar} starts it. */
final class Application {
    static final Path ROOT = Path.of("../../..").toAbsolutePath().normalize();

    private static final Pattern SERVING = Pattern.compile("Serving OpenAI's API at (http://\\S+)/v1");

    private final Process process;
    private final CompletableFuture<String> address = new CompletableFuture<>();

    /** @param model one of samples/models */
    Application(String model) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-jar",
                        ROOT.resolve("routes/target/camel-vlm.jar").toString())
                .directory(
                        Files.createDirectories(Path.of("target/application")).toFile())
                .redirectErrorStream(true);
        builder.environment()
                .putAll(Map.of(
                        "VLM_MODEL",
                                ROOT.resolve("samples/models").resolve(model).toString(),
                        "VLM_DTYPE", "float32",
                        "VLM_THREADS", "1",
                        "VLM_FOLDER", "false",
                        "API_HOST", "127.0.0.1",
                        "API_PORT", "0"));
        process = builder.start();
        Thread reading = new Thread(this::read, "application");
        reading.setDaemon(true);
        reading.start();
    }

    private void read() {
        StringBuilder log = new StringBuilder();
        try (BufferedReader lines = process.inputReader()) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                log.append(line).append('\n');
                Matcher serving = SERVING.matcher(line);
                if (serving.find()) {
                    address.complete(serving.group(1));
                }
            }
            address.completeExceptionally(new IllegalStateException("The application ended: is it built?\n" + log));
        } catch (IOException e) {
            address.completeExceptionally(e);
        }
    }

    /** Where it answers, without a path; waits until the model is loaded, at most a minute. */
    String address() {
        return address.orTimeout(60, TimeUnit.SECONDS).join();
    }

    void stop() throws InterruptedException {
        process.destroy();
        process.waitFor(30, TimeUnit.SECONDS);
    }
}
