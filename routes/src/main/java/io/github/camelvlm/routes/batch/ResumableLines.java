package io.github.camelvlm.routes.batch;

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
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * A file of lines that is gone on with. What an earlier run has left is taken over as far as it is asked for in its order;
 * a torn last line, and what belongs to another run, is cut off. It is locked, since of two that write one would undo the
 * other's. For one thread.
 */
public final class ResumableLines implements AutoCloseable {
    private final FileChannel channel;
    private final boolean isOnlyRead;
    private InputStream earlier;

    /** Where the lines end that are known to be right. */
    private long end;

    private ResumableLines(FileChannel channel, boolean isOnlyRead) {
        this.channel = channel;
        this.isOnlyRead = isOnlyRead;
        earlier = new BufferedInputStream(Channels.newInputStream(channel), 64 * 1024);
    }

    /**
     * Goes on with a file, or begins one, whose directory is made too; empty while another run has it.
     *
     * @throws IOException if it cannot be written
     */
    public static Optional<ResumableLines> resume(Path file) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        boolean isLocked = false;
        try {
            isLocked = channel.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            // Of this process.
        } finally {
            if (!isLocked) {
                channel.close();
            }
        }
        return isLocked ? Optional.of(new ResumableLines(channel, false)) : Optional.empty();
    }

    /** A file whose lines are only read. */
    static ResumableLines read(Path file) throws IOException {
        return new ResumableLines(FileChannel.open(file, StandardOpenOption.READ), true);
    }

    /**
     * The next line of an earlier run, without its end, if it begins so; otherwise null, as for all that are asked for then.
     *
     * @throws IOException if it cannot be read
     */
    public String earlier(String beginning) throws IOException {
        if (earlier == null) {
            return null;
        }
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        int next = earlier.read();
        while (next >= 0 && next != '\n') {
            line.write(next);
            next = earlier.read();
        }
        String text = line.toString(StandardCharsets.UTF_8);
        if (next != '\n' || !text.startsWith(beginning)) {
            begin();
            return null;
        }
        end += line.size() + 1;
        return text;
    }

    /** Goes over to writing: what is there beyond belongs to no line. */
    void begin() throws IOException {
        earlier = null;
        if (!isOnlyRead) {
            channel.truncate(end);
            channel.position(end);
        }
    }

    /**
     * Writes the next line; of one that could not be written whole nothing counts.
     *
     * @param line without its end
     * @throws IOException if it cannot be written
     */
    public void write(String line) throws IOException {
        if (earlier != null) {
            begin();
        }
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

    /** Has all that was written survive a power cut. */
    void force() throws IOException {
        channel.force(true);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
