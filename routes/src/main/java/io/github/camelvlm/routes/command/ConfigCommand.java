package io.github.camelvlm.routes.command;

import io.github.camelvlm.routes.start.PropertyArgument;
import io.github.camelvlm.routes.start.PropertyInForce;
import io.github.camelvlm.routes.start.PropertySources;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Unmatched;

/** {@code config}: writes all properties, what holds of each, and where that was said. Starts nothing. */
@Command(
        name = "config",
        mixinStandardHelpOptions = true,
        versionProvider = ApplicationCommand.Version.class,
        customSynopsis = "java -jar camel-vlm.jar config [--PROPERTY=VALUE...]",
        description = {
            "Writes all properties with the values in force and where they come from: the command line, the environment,"
                    + " application.properties in the working directory, or the default. Keys and passwords are masked."
                    + " Warnings of unknown ones go to standard error.",
            ""
        },
        footerHeading = "%nExit status:%n",
        footer = {"  0   all values have their form", "  1   one cannot be meant", "  2   the command line is wrong"})
final class ConfigCommand implements Callable<Integer> {
    @Spec
    private CommandSpec command;

    // picocli adds to it.
    @Unmatched
    private List<String> properties = new ArrayList<>();

    @Override
    public Integer call() throws Exception {
        try {
            properties.forEach(PropertyArgument::set);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(command.commandLine(), e.getMessage(), e);
        }
        PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        List<PropertyInForce> all = PropertySources.inForce();
        int width = all.stream()
                .mapToInt(property -> line(property).length())
                .filter(length -> length <= 60)
                .max()
                .orElse(0);
        for (PropertyInForce property : all) {
            out.printf("%-" + width + "s  # %s%n", line(property), property.source());
        }
        PropertySources.warnings().forEach(System.err::println);
        return 0;
    }

    private static String line(PropertyInForce property) {
        return property.name() + " = " + property.shown().replaceAll("\\R", " ").replaceAll("\\p{Cc}", "?");
    }
}
