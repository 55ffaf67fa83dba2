package io.github.camelvlm.routes.start;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Properties;
import org.slf4j.LoggerFactory;
import org.slf4j.bridge.SLF4JBridgeHandler;

/** How the log is written. That must be known before the first logger is made, and so before Camel reads properties. */
public final class LogFormat {
    private static final String PROPERTY = "vlm.log-format";
    private static final String TEXT = "text";
    private static final String JSON = "json";

    private LogFormat() {}

    /**
     * Tells Log4j what {@code vlm.log-format} says.
     *
     * @throws IllegalArgumentException if it is neither {@code text} nor {@code json}
     */
    public static void apply() {
        String format = Optional.ofNullable(System.getProperty(PROPERTY))
                // Not by Camel's classes, which have loggers.
                .or(() -> Optional.ofNullable(System.getenv(KnownProperties.inTheEnvironment(PROPERTY))))
                .or(LogFormat::inTheWorkingDirectory)
                .map(String::strip)
                .orElse(TEXT);
        if (!format.equals(TEXT) && !format.equals(JSON)) {
            throw new IllegalArgumentException(PROPERTY + " is \"" + format + "\": write text or json");
        }
        System.setProperty("camel-vlm.log-format", format);
    }

    private static Optional<String> inTheWorkingDirectory() {
        Properties properties = new Properties();
        try (Reader in = Files.newBufferedReader(Path.of("application.properties"))) {
            properties.load(in);
        } catch (IOException | IllegalArgumentException e) {
            // There is none, or Camel says what is wrong with it.
        }
        return Optional.ofNullable(properties.getProperty(PROPERTY));
    }

    /** Lets what libraries tell by {@code java.util.logging} go into the same log. */
    public static void takeTheLogsOfOthers() {
        SLF4JBridgeHandler.removeHandlersForRootLogger();
        SLF4JBridgeHandler.install();
    }

    /** Tells what ends the process: to standard error, but where the log is JSON as a line of it, for what reads that. */
    public static void tellFailure(String sentence) {
        if (JSON.equals(System.getProperty("camel-vlm.log-format"))) {
            LoggerFactory.getLogger("camel-vlm").error(sentence);
        } else {
            System.err.println(sentence);
        }
    }
}
