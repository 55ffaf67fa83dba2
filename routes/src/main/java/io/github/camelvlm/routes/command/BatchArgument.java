package io.github.camelvlm.routes.command;

import io.github.camelvlm.routes.batch.BatchCount;
import io.github.camelvlm.routes.batch.Batches;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A batch that is named on the command line.
 *
 * @param input its file, or {@code -} for standard input
 * @param output the file of its answers; null or {@code -} for standard output
 */
record BatchArgument(String input, String output) {
    private static final String STANDARD = "-";

    /**
     * Looks at what can be seen before a model is loaded.
     *
     * @throws IOException if there is no such file, or it would be written over
     */
    void requireUsable() throws IOException {
        if (input.equals(STANDARD)) {
            return;
        }
        Path file = Path.of(input);
        if (!Files.exists(file) || Files.isDirectory(file)) {
            throw new IOException("There is no file " + input + ": name a file of JSON Lines, or - for standard input");
        }
        if (isFile(output) && Files.exists(Path.of(output)) && Files.isSameFile(file, Path.of(output))) {
            throw new IOException("--output is the file of the requests itself: name another one");
        }
    }

    BatchCount answer(Batches batches, PrintStream out) throws IOException, InterruptedException {
        try {
            return answerAll(batches, out);
        } catch (IOException e) {
            throw new IOException(
                    "the batch is not answered to its end (" + e.getMessage() + ")"
                            + (isFile(output) ? ": the same command goes on with it" : ""),
                    e);
        }
    }

    private BatchCount answerAll(Batches batches, PrintStream out) throws IOException, InterruptedException {
        boolean isFromStream = input.equals(STANDARD);
        String name = isFromStream ? "standard input" : input;
        if (isFile(output)) {
            return isFromStream
                    ? batches.answer(System.in, Path.of(output), name)
                    : batches.answer(Path.of(input), Path.of(output), name);
        }
        if (isFromStream) {
            return batches.answer(System.in, out, name);
        }
        try (InputStream in = Files.newInputStream(Path.of(input))) {
            return batches.answer(in, out, name);
        }
    }

    private static boolean isFile(String output) {
        return output != null && !output.equals(STANDARD);
    }
}
