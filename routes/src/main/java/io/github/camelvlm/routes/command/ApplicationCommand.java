package io.github.camelvlm.routes.command;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.camelvlm.routes.report.OptionNames;
import io.github.camelvlm.routes.start.StartFailure;
import java.io.IOException;
import java.io.InputStream;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;

/** What the application does besides running its routes: it describes pictures at once, and tells of itself. */
@Command(
        name = "camel-vlm",
        subcommands = {DescribeCommand.class, ConfigCommand.class, HealthCommand.class},
        mixinStandardHelpOptions = true,
        versionProvider = ApplicationCommand.Version.class,
        customSynopsis = {
            "java -jar camel-vlm.jar [--PROPERTY=VALUE...]",
            "       java -jar camel-vlm.jar describe [OPTIONS] FILE...",
            "       java -jar camel-vlm.jar config [--PROPERTY=VALUE...]",
            "       java -jar camel-vlm.jar health [--live]"
        },
        description = {
            "",
            "Qwen-VL vision-language models in Apache Camel. Without a command it serves OpenAI's API and watches a folder"
                    + " until it is stopped. Properties are, for instance, --vlm.model=DIRECTORY or --api.port=8000; each"
                    + " can be set in the environment too: VLM_MODEL, API_PORT. config tells all of them.",
            ""
        })
public final class ApplicationCommand {
    private static final Set<String> WORDS = Set.of("describe", "config", "health", "-h", "--help", "-V", "--version");

    /** Whether arguments are a command line, and not properties. */
    public static boolean isMeantBy(String[] arguments) {
        return arguments.length > 0 && WORDS.contains(arguments[0]);
    }

    /**
     * Does what a command line says.
     *
     * @return the exit status: 0, 1 if something failed, 2 if the command line is wrong
     */
    public static int run(String[] arguments) {
        return new CommandLine(new ApplicationCommand())
                .setExecutionExceptionHandler((failure, command, parsed) -> {
                    System.err.println("camel-vlm: " + OptionNames.in(StartFailure.message(failure)));
                    return CommandLine.ExitCode.SOFTWARE;
                })
                .execute(arguments);
    }

    /** The version that Camel's tools wrote into the component's catalog entry. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() throws IOException {
            try (InputStream in = Version.class.getResourceAsStream("/META-INF/io/github/camelvlm/vlm.json")) {
                String version = new ObjectMapper()
                        .readTree(in)
                        .get("component")
                        .get("version")
                        .asText();
                return new String[] {"camel-vlm " + version};
            }
        }
    }
}
