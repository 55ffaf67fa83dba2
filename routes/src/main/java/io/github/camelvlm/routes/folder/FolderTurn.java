package io.github.camelvlm.routes.folder;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLockInterruptionException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Lets one picture end at a time, of all processes that share a folder: from the moment in which its caption is written
 * to that in which it has moved. The lock is the operating system's, so that it ends with the process, however that ends;
 * its file stays.
 */
public final class FolderTurn {
    // The system's lock is the process's: a thread that closed the file would release it for another that holds it.
    private static final Map<Path, Semaphore> IN_THIS_PROCESS = new ConcurrentHashMap<>();

    private static final long AT_THE_END_SECONDS = 5;

    private Path file;
    private FileChannel channel;

    /** @param inbox the folder that is shared; relative to the working directory */
    public void setInbox(String inbox) {
        file = FolderClaims.housekeeping(Path.of(inbox)).resolve("turn");
    }

    /**
     * Waits until no other picture of the folder ends.
     *
     * @throws IOException if the file system has no locks
     * @throws InterruptedException if the application is stopped meanwhile
     */
    void take() throws IOException, InterruptedException {
        inThisProcess().acquire();
        lock();
    }

    /**
     * The same, where nothing may be left to wait for: a thread of this process may hang with its turn.
     *
     * @throws IOException if it does
     */
    void takeAtTheEnd() throws IOException, InterruptedException {
        if (!inThisProcess().tryAcquire(AT_THE_END_SECONDS, TimeUnit.SECONDS)) {
            throw new IOException("a picture does not end");
        }
        lock();
    }

    private void lock() throws IOException, InterruptedException {
        boolean isTaken = false;
        FileChannel opened = null;
        try {
            Files.createDirectories(file.getParent());
            opened = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            opened.lock();
            channel = opened;
            isTaken = true;
        } catch (ClosedByInterruptException | FileLockInterruptionException e) {
            throw new InterruptedException("The application stops");
        } finally {
            if (!isTaken) {
                if (opened != null) {
                    opened.close();
                }
                inThisProcess().release();
            }
        }
    }

    /** Notes that a row is about to be written whose picture has not moved. To be called within a turn. */
    void begin() throws IOException {
        channel.write(ByteBuffer.wrap(new byte[] {'1'}), 0);
    }

    /** Notes that the picture of the last row has moved, or its row was taken back. To be called within a turn. */
    void finish() throws IOException {
        channel.truncate(0);
    }

    /** Whether a process ended between the two. To be called within a turn. */
    boolean isUnfinished() throws IOException {
        return channel.size() > 0;
    }

    /** Lets the next picture end. To be called once after each {@link #take()}, by any thread. */
    void giveBack() throws IOException {
        FileChannel taken = channel;
        channel = null;
        try {
            taken.close();
        } finally {
            inThisProcess().release();
        }
    }

    private Semaphore inThisProcess() {
        return IN_THIS_PROCESS.computeIfAbsent(file, path -> new Semaphore(1));
    }
}
