package io.github.camelvlm.routes;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.camel.Exchange;
import org.apache.camel.Header;
import org.apache.camel.component.file.GenericFileOperationFailedException;

/** The question for the pictures of a folder: what its file {@code prompt.txt} says. */
public final class FolderPrompt {
    private static final String FILE = "prompt.txt";

    /** Longer than any question; a file above this is something else. */
    private static final int MAX_BYTES = 100_000;

    private Path inbox;
    private String otherwise;

    /** @param inbox the folder above which no prompt is looked for; relative to the working directory */
    public void setInbox(String inbox) {
        this.inbox = Path.of(inbox).toAbsolutePath().normalize();
    }

    /** @param otherwise the question where there is no {@code prompt.txt} */
    public void setOtherwise(String otherwise) {
        this.otherwise = otherwise;
    }

    /**
     * The question for a picture: from its own folder, else from the nearest folder above it. A file that is empty counts
     * as none.
     *
     * @param picture the path of a file in the inbox
     * @throws GenericFileOperationFailedException if a {@code prompt.txt} cannot be read; the fault is not the picture's
     */
    public String of(@Header(Exchange.FILE_PATH) String picture) {
        Path folder = Path.of(picture).toAbsolutePath().normalize().getParent();
        while (folder != null && folder.startsWith(inbox)) {
            Path file = folder.resolve(FILE);
            if (Files.exists(file)) {
                String prompt = read(file);
                if (!prompt.isEmpty()) {
                    return prompt;
                }
            }
            folder = folder.getParent();
        }
        return otherwise;
    }

    private static String read(Path file) {
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw new GenericFileOperationFailedException(
                        file + " is larger than " + MAX_BYTES + " bytes: write only the question into it");
            }
            String text = Files.readString(file, StandardCharsets.UTF_8);
            // What some editors on Windows put before a text.
            return (text.startsWith("\uFEFF") ? text.substring(1) : text).strip();
        } catch (IOException e) {
            throw new GenericFileOperationFailedException(
                    file + " cannot be read: save it as text in UTF-8, readable by this process", e);
        }
    }
}
