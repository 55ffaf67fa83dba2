package io.github.camelvlm.routes.batch;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * The file of a batch's answers. It grows under a hidden name and is renamed when it is whole, so that answers under the
 * plain name are all there. What an earlier run has left is taken over as far as it answers the same lines.
 */
final class ResumableFile implements BatchOutput, AutoCloseable {
    private static final JsonFactory JSON = new JsonFactory();

    private final Path place;
    private final Path hidden;
    private final boolean isWhole;
    private final ResumableLines lines;

    /**
     * @param place the plain name
     * @throws IOException if it cannot be written, or another process writes it
     */
    ResumableFile(Path place) throws IOException {
        this.place = place.toAbsolutePath();
        hidden = hidden(place);
        // A crash may have come after the rename, and before the batch itself was put away.
        isWhole = isWhole(place);
        lines = isWhole
                ? ResumableLines.read(place)
                : ResumableLines.resume(hidden)
                        .orElseThrow(() -> new IOException(
                                place.getFileName() + " is being written by another run: wait for its end"));
    }

    /** Whether this is a file under the plain name, which is only read. */
    boolean isWhole() {
        return isWhole;
    }

    @Override
    public Earlier earlier(String id) throws IOException {
        String line = lines.earlier(AnswerLine.beginning(id));
        if (line == null) {
            return Earlier.NONE;
        }
        return status(line) == 200 ? Earlier.ANSWERED : Earlier.FAILED;
    }

    private static int status(String line) throws IOException {
        try (JsonParser json = JSON.createParser(line)) {
            while (json.nextToken() != null) {
                if (json.currentToken() == JsonToken.VALUE_NUMBER_INT && "status_code".equals(json.currentName())) {
                    return json.getIntValue();
                }
            }
        }
        return 0;
    }

    @Override
    public void write(String line) throws IOException {
        lines.write(line);
    }

    /** Whether a file that is only read holds nothing more. */
    boolean isAtEnd() throws IOException {
        return lines.isAtEnd();
    }

    /** Says that all lines were answered: the file gets its plain name. */
    void finish() throws IOException {
        lines.begin();
        if (!isWhole) {
            lines.force();
            Files.move(hidden, place, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /** Makes a file of the plain name one that another batch has left: its answers are not to be gone on with. */
    static void setAside(Path place) throws IOException {
        Files.write(hidden(place), new byte[0]);
    }

    private static Path hidden(Path place) {
        return place.toAbsolutePath().resolveSibling("." + place.getFileName());
    }

    /** Whether a run has ended there, and none has begun since. */
    static boolean isWhole(Path place) {
        return !Files.exists(hidden(place)) && Files.isRegularFile(place);
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }
}
