package io.github.camelvlm.routes;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.component.file.GenericFileOperationFailedException;

/** The summary of a folder: one row per picture, in the order in which the pictures were taken. */
public final class Summary {
    private Path inbox;
    private Path folder;
    private String names = "";
    private List<SummaryFile> files;

    /** @param inbox the folder from which the pictures come; relative to the working directory */
    public void setInbox(String inbox) {
        this.inbox = Path.of(inbox).toAbsolutePath().normalize();
    }

    /** @param folder where the files of the summary are; relative to the working directory */
    public void setFolder(String folder) {
        this.folder = Path.of(folder).toAbsolutePath().normalize();
    }

    /** @param names the files, separated by commas: CSV those that end in {@code .csv}, the others JSON Lines; or none */
    public void setFiles(String names) {
        this.names = names;
    }

    /**
     * Writes the row of a picture that is about to leave the inbox. To be called for one picture at a time.
     *
     * @param caption what was said of it
     * @param error why it cannot be described, or null if it was
     * @throws GenericFileOperationFailedException if a file cannot be written to; the row may then be written again
     */
    public synchronized void add(@Body String caption, @ExchangeProperty("failure") String error, Exchange exchange) {
        if (files == null) {
            files = Arrays.stream(names.split(","))
                    .map(String::strip)
                    .filter(name -> !name.isEmpty())
                    .map(name -> new SummaryFile(folder.resolve(name), inbox))
                    .toList();
        }
        SummaryRow row = SummaryRow.of(exchange.getMessage(), caption, error);
        for (SummaryFile file : files) {
            try {
                file.append(row);
            } catch (IOException e) {
                throw new GenericFileOperationFailedException("Cannot write to the summary " + file, e);
            }
        }
    }
}
