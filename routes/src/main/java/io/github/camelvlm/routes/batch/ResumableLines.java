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
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file of lines that is gone on with. What an earlier run has left is taken over as far as it is asked for in its order;
 * a torn last line, and what belongs to another run, is cut off. It is locked, since of two that write one would undo the
 * other's; where the file system has no locks, it is kept from others of this process alone. For one thread.
 */
public final class ResumableLines implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("camel-vlm");

    // The system's locks are the process's, and may not be there.
    private static final Set<Path> OF_THIS_PROCESS = ConcurrentHashMap.newKeySet();

    private static final AtomicBoolean HAS_WARNED = new AtomicBoolean();

    /** Locks a file against other processes, and says whether none of them has it. */
    @FunctionalInterface
    interface Lock {
        boolean take(FileChannel channel) throws IOException;
    }

    private final Path file;
    private final FileChannel channel;
    private final boolean isOnlyRead;
    private InputStream earlier;

    /** Where the lines end that are known to be right. */
    private long end;

    private ResumableLines(Path file, FileChannel channel, boolean isOnlyRead) {
        this.file = file;
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
        return resume(file, channel -> channel.tryLock() != null);
    }

    static Optional<ResumableLines> resume(Path file, Lock lock) throws IOException {
        Path directory = file.toAbsolutePath().getParent();
        Files.createDirectories(directory);
        Path real = directory.toRealPath().resolve(file.getFileName());
        if (!OF_THIS_PROCESS.add(real)) {
            return Optional.empty();
        }
        FileChannel channel = null;
        boolean isTaken = false;
        try {
            channel = FileChannel.open(
                    real, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            isTaken = isLocked(real, channel, lock);
            return isTaken ? Optional.of(new ResumableLines(real, channel, false)) : Optional.empty();
        } finally {
            if (!isTaken) {
                letGo(real, channel);
            }
        }
    }

    private static boolean isLocked(Path file, FileChannel channel, Lock lock) {
        try {
            return lock.take(channel);
        } catch (OverlappingFileLockException e) {
            // Of this process, under another name.
            return false;
        } catch (IOException e) {
            if (!HAS_WARNED.getAndSet(true)) {
                LOG.warn(
                        "{} cannot be locked ({}), so nothing keeps two processes from writing the same file there, and what"
                                + " one has written the other undoes and asks again: let one process alone write there, or"
                                + " mount the file system with locks",
                        file,
                        e.getMessage());
            }
            return true;
        }
    }

    private static void letGo(Path file, FileChannel channel) throws IOException {
        try {
            if (channel != null) {
                channel.close();
            }
        } finally {
            OF_THIS_PROCESS.remove(file);
        }
    }

    /** A file whose lines are only read. */
    static ResumableLines read(Path file) throws IOException {
        return new ResumableLines(file, FileChannel.open(file, StandardOpenOption.READ), true);
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
        if (isOnlyRead) {
            channel.close();
        } else {
            letGo(file, channel);
        }
    }
}
