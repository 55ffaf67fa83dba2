package io.github.camelvlm.routes.folder;

import io.github.camelvlm.chat.InvalidRequestException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.apache.camel.Exchange;
import org.apache.camel.Header;

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
     * @throws InvalidRequestException if a {@code prompt.txt} cannot be used
     */
    public String of(@Header(Exchange.FILE_PATH) String picture) {
        Path folder = Path.of(picture).toAbsolutePath().normalize().getParent();
        while (folder != null && folder.startsWith(inbox)) {
            Path file = folder.resolve(FILE);
            if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
                String prompt = read(file);
                if (!prompt.isEmpty()) {
                    return prompt;
                }
            }
            folder = folder.getParent();
        }
        return otherwise;
    }

    private String read(Path file) {
        try {
            Path real = file.toRealPath();
            if (!real.startsWith(inbox.toRealPath())) {
                throw refusal(file, "is a link that leads out of the inbox: put the question itself there");
            }
            // Who opens a pipe waits for its other end.
            if (!Files.isRegularFile(real, LinkOption.NOFOLLOW_LINKS)) {
                throw refusal(file, "is a directory, a pipe or a device: put a text with the question there");
            }
            if (Files.size(real) > MAX_BYTES) {
                throw refusal(file, "is larger than " + MAX_BYTES + " bytes: write only the question into it");
            }
            String text = text(real);
            // What some editors on Windows put before a text.
            return (text.startsWith("\uFEFF") ? text.substring(1) : text).strip();
        } catch (NoSuchFileException e) {
            // Removed meanwhile, or a link to nothing.
            return "";
        } catch (IOException e) {
            throw refusal(file, "cannot be read: save it as text in UTF-8, readable by this process");
        }
    }

    /** The path may be another file's by now. */
    private static String text(Path real) throws IOException {
        try (InputStream in = Files.newInputStream(real, LinkOption.NOFOLLOW_LINKS)) {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(in.readNBytes(MAX_BYTES)))
                    .toString();
        }
    }

    private InvalidRequestException refusal(Path file, String problem) {
        return new InvalidRequestException(
                inbox.relativize(file).toString(), problem + ", and put the picture into the inbox again");
    }
}
