package io.github.camelvlm.routes.command;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code describe FILE...}: writes the captions of pictures to standard output, in the order of the pictures. */
@Command(
        name = "describe",
        mixinStandardHelpOptions = true,
        versionProvider = ApplicationCommand.Version.class,
        sortOptions = false,
        description = {
            "Describes pictures: the caption of one alone, of several a line \"FILE: caption\" each. Errors and the log go"
                    + " to standard error.",
            ""
        },
        footerHeading = "%nExit status:%n",
        footer = {
            "  0   all pictures were described",
            "  1   some were not, or the model cannot be loaded",
            "  2   the command line is wrong"
        })
final class DescribeCommand implements Callable<Integer> {
    @Parameters(
            arity = "1..*",
            paramLabel = "FILE",
            description = "Pictures; of a directory those in it and below, by their endings; - for standard input.")
    private List<String> files;

    @Option(names = "--json", description = "Write a line of JSON per picture: the caption, and how it came about.")
    private boolean isJson;

    @Option(
            names = {"-p", "--prompt"},
            paramLabel = "TEXT",
            description = "The question or instruction (VLM_PROMPT; \"Describe this image.\").")
    private String prompt;

    @ArgGroup(exclusive = true, multiplicity = "0..1")
    private Form form;

    /** The form that captions must have. */
    static final class Form {
        @Option(
                names = "--schema",
                paramLabel = "FILE",
                description = "A JSON Schema that each caption, which is JSON then, must satisfy (VLM_JSON_SCHEMA).")
        private Path schema;

        @Option(
                names = "--choices",
                paramLabel = "A,B,...",
                description = "The texts of which each caption is one (VLM_CHOICES).")
        private String choices;

        @Option(
                names = "--regex",
                paramLabel = "PATTERN",
                description = "A regular expression that each caption must match as a whole (VLM_REGEX).")
        private String regex;
    }

    @Option(
            names = {"-m", "--model"},
            paramLabel = "MODEL",
            description = "A directory, or an id on the Hugging Face Hub (VLM_MODEL).")
    private String model;

    @Option(
            names = "--max-tokens",
            paramLabel = "N",
            description = "The most tokens of a caption (VLM_MAX_TOKENS; 1024).")
    private Integer maxTokens;

    @Override
    public Integer call() throws Exception {
        // As pipes and files are read everywhere, whatever the locale of this process.
        PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        List<PictureArgument> pictures = PictureArgument.of(files);
        boolean isSingle = pictures.size() == 1;
        boolean hasFailed = false;
        try (Describer describer = new Describer()) {
            if (form != null) {
                describer.ask(form.schema, form.choices, form.regex);
            }
            describer.start(model, prompt, maxTokens);
            List<Future<Description>> descriptions = new ArrayList<>();
            for (PictureArgument picture : pictures) {
                descriptions.add(describer.describe(picture));
            }
            for (Future<Description> future : descriptions) {
                Description description = future.get();
                if (description.error() != null) {
                    System.err.println(onOneLine(description.name() + ": " + description.error()));
                    hasFailed = true;
                } else {
                    out.println(isJson ? description.json() : text(description, isSingle));
                    if (out.checkError()) {
                        // Nobody reads on, as with "| head -1".
                        return 1;
                    }
                }
            }
        }
        return hasFailed ? 1 : 0;
    }

    private static String text(Description description, boolean isSingle) {
        return isSingle ? description.caption() : onOneLine(description.name() + ": " + description.caption());
    }

    /** Names of files, and what pictures say, are a stranger's words: a terminal would obey their control characters. */
    private static String onOneLine(String text) {
        return text.replaceAll("\\R", " ").replaceAll("\\p{Cc}", "?");
    }
}
