package io.github.camelvlm.routes.batch;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * The file of a batch's answers. It grows under a hidden name and is renamed when it is whole, so that answers under the
 * plain name are all there. What an earlier run has left is taken over as far as it answers the same lines; a torn last
 * line is cut off.
 */
final class ResumableFile implements BatchOutput, AutoCloseable {
    private static final JsonFactory JSON = new JsonFactory();

    private final Path place;
    private final Path hidden;
    private final FileChannel channel;
    private final boolean isWhole;
    private InputStream earlier;

    /** Where the lines end that are known to be right. */
    private long end;

    /**
     * @param place the plain name
     * @throws IOException if it cannot be written, or another process writes it
     */
    ResumableFile(Path place) throws IOException {
        this.place = place.toAbsolutePath();
        hidden = hidden(place);
        // A crash may have come after the rename, and before the batch itself was put away.
        isWhole = isWhole(place);
        Files.createDirectories(this.place.getParent());
        channel = isWhole
                ? FileChannel.open(place, StandardOpenOption.READ)
                : FileChannel.open(
                        hidden, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        if (!isWhole) {
            lock();
        }
        earlier = new BufferedInputStream(Channels.newInputStream(channel), 64 * 1024);
    }

    private void lock() throws IOException {
        boolean isLocked = false;
        try {
            isLocked = channel.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            // Of this process: told below.
        } finally {
            if (!isLocked) {
                channel.close();
            }
        }
        if (!isLocked) {
            throw new IOException(place.getFileName() + " is being written by another run: wait for its end");
        }
    }

    /** Whether this is a file under the plain name, which is only read. */
    boolean isWhole() {
        return isWhole;
    }

    @Override
    public Earlier earlier(String id) throws IOException {
        if (earlier == null) {
            return Earlier.NONE;
        }
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        int next = earlier.read();
        while (next >= 0 && next != '\n') {
            line.write(next);
            next = earlier.read();
        }
        String text = line.toString(StandardCharsets.UTF_8);
        if (next != '\n' || !text.startsWith(AnswerLine.beginning(id))) {
            begin();
            return Earlier.NONE;
        }
        end += line.size() + 1;
        return status(text) == 200 ? Earlier.ANSWERED : Earlier.FAILED;
    }

    /** Goes over to writing: what is there beyond belongs to no line. */
    private void begin() throws IOException {
        earlier = null;
        if (!isWhole) {
            channel.truncate(end);
            channel.position(end);
        }
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
        ByteBuffer bytes = ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
        end = channel.position();
    }

    /** Whether a file that is only read holds nothing more. */
    boolean isAtEnd() throws IOException {
        return end == channel.size();
    }

    /** Says that all lines were answered: the file gets its plain name. */
    void finish() throws IOException {
        begin();
        if (!isWhole) {
            channel.force(true);
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
        channel.close();
    }
}
