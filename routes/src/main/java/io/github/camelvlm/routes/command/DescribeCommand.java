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
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code describe FILE...}: writes the captions of pictures to standard output, in the order of the pictures; or answers
 * the requests of a file, {@code describe --batch FILE}.
 */
@Command(
        name = "describe",
        mixinStandardHelpOptions = true,
        versionProvider = ApplicationCommand.Version.class,
        sortOptions = false,
        description = {
            "Describes pictures, documents and videos: the caption of one alone, of several a line \"FILE: caption\" each."
                    + " Errors and the log go to standard error.",
            ""
        },
        footerHeading = "%nExit status:%n",
        footer = {
            "  0   all pictures were described, all requests of the batch answered",
            "  1   some were not, or the model cannot be loaded",
            "  2   the command line is wrong"
        })
final class DescribeCommand implements Callable<Integer> {
    @Spec
    private CommandSpec command;

    @Parameters(
            arity = "0..*",
            paramLabel = "FILE",
            description =
                    "Pictures, PDF and video files; of a directory those in it and below, by their endings; - for standard"
                            + " input.")
    private List<String> files;

    @Option(
            names = "--batch",
            paramLabel = "FILE",
            description =
                    "Answer the requests of a file in OpenAI's batch format, JSON Lines, in place of pictures; - for"
                            + " standard input.")
    private String batch;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description =
                    "Where the answers of a batch go, a line each in the order of the requests; standard output by"
                            + " default. The same command goes on where an earlier one was cut off.")
    private String output;

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
        requireOneKind();
        // As pipes and files are read everywhere, whatever the locale of this process.
        PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        if (batch != null) {
            return answerBatch(out);
        }
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
                hasFailed |= !description.isWhole();
                if (description.error() != null) {
                    System.err.println(onOneLine(description.name() + ": " + description.error()));
                } else {
                    out.println(isJson ? description.json() : text(description, isSingle));
                    if (out.checkError()) {
                        // The reader has gone, as with "| head -1".
                        return 1;
                    }
                }
            }
        }
        return hasFailed ? 1 : 0;
    }

    private void requireOneKind() {
        if (batch == null && files == null) {
            throw new ParameterException(command.commandLine(), "Missing required parameter: 'FILE'");
        }
        boolean isForPictures = files != null || isJson || prompt != null || form != null || maxTokens != null;
        if (batch != null && isForPictures) {
            throw new ParameterException(
                    command.commandLine(),
                    "--batch goes with --output and --model only: what is asked stands in the lines of the file");
        }
        if (batch == null && output != null) {
            throw new ParameterException(command.commandLine(), "--output goes with --batch only");
        }
    }

    private int answerBatch(PrintStream out) throws Exception {
        BatchArgument argument = new BatchArgument(batch, output);
        argument.requireUsable();
        try (Describer describer = new Describer()) {
            describer.start(model, null, null);
            return argument.answer(describer.batches(), out).failed() == 0 ? 0 : 1;
        }
    }

    private static String text(Description description, boolean isSingle) {
        return isSingle ? description.caption() : onOneLine(description.name() + ": " + description.caption());
    }

    /** Names of files, and what pictures say, are a stranger's words: a terminal would obey their control characters. */
    private static String onOneLine(String text) {
        return text.replaceAll("\\R", " ").replaceAll("\\p{Cc}", "?");
    }
}
