package io.github.camelvlm.routes.folder;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** The summary of a folder: one row per picture, in the order in which the pictures were taken. */
public final class Summary {
    private Path folder;
    private String names = "";
    private List<SummaryFile> files;

    /** @param folder where the files of the summary are; relative to the working directory */
    public void setFolder(String folder) {
        this.folder = Path.of(folder).toAbsolutePath().normalize();
    }

    /** @param names the files, separated by commas: CSV those that end in {@code .csv}, the others JSON Lines; or none */
    public void setFiles(String names) {
        this.names = names;
    }

    /**
     * Writes the row of a picture that is about to leave the inbox. To be called for one picture at a time, of all
     * processes that write to the same files.
     *
     * @throws IOException if a file cannot be written to; the row may then stand in some of the files
     */
    synchronized void add(SummaryRow row) throws IOException {
        for (SummaryFile file : files()) {
            try {
                file.append(row);
            } catch (IOException e) {
                throw new IOException("Cannot write to the summary " + file + ": " + e.getMessage(), e);
            }
        }
    }

    /**
     * Takes the last row back where it is of a picture that has not left. To be called for one picture at a time.
     *
     * @param directory where the pictures are that have not left
     */
    synchronized void takeBack(Path directory) throws IOException {
        for (SummaryFile file : files()) {
            file.takeBack(directory);
        }
    }

    private List<SummaryFile> files() {
        if (files == null) {
            files = Arrays.stream(names.split(","))
                    .map(String::strip)
                    .filter(name -> !name.isEmpty())
                    .map(name -> new SummaryFile(folder.resolve(name)))
                    .toList();
        }
        return files;
    }
}
