package io.github.camelvlm.routes.folder;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * One of the instances that share a folder: a directory for the pictures it has in hand, and a file beside it that it
 * keeps locked. The lock is the operating system's and ends with the process, so that others see which instances are
 * dead.
 */
final class FolderInstance implements AutoCloseable {
    private static final String LOCK = ".lock";

    /** What is to be done with a directory that a dead instance left. */
    interface Heir {
        void inherit(Path directory) throws IOException, InterruptedException;
    }

    // To open and close a file would release the lock that this process has on it.
    private static final Set<String> OF_THIS_PROCESS = ConcurrentHashMap.newKeySet();

    private final String id = UUID.randomUUID().toString();
    private final Path housekeeping;
    private final FileChannel lock;

    /**
     * Joins those that share a folder.
     *
     * @param housekeeping where the directories and locks of all instances are; is made if it is missing
     * @throws IOException if nothing can be written there, or the file system has no locks
     */
    FolderInstance(Path housekeeping) throws IOException {
        this.housekeeping = housekeeping;
        Files.createDirectories(housekeeping);
        // Locked before it has its name: an instance without a lock would be taken for dead.
        Path unnamed = housekeeping.resolve(id + ".new");
        lock = FileChannel.open(unnamed, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        boolean isLocked = false;
        try {
            lock.lock();
            OF_THIS_PROCESS.add(id);
            Files.move(unnamed, housekeeping.resolve(id + LOCK));
            isLocked = true;
        } finally {
            if (!isLocked) {
                lock.close();
                Files.deleteIfExists(unnamed);
            }
        }
    }

    /** The directory of the pictures in hand here; it may not exist. */
    Path directory() {
        return housekeeping.resolve(id);
    }

    /**
     * Hands out what dead instances left, each to one of those that look at the same time.
     *
     * @return how many others live
     */
    int bury(Heir heir) throws IOException, InterruptedException {
        int living = 0;
        try (DirectoryStream<Path> locks = Files.newDirectoryStream(housekeeping, "*" + LOCK)) {
            for (Path other : locks) {
                String name = other.getFileName().toString();
                String otherId = name.substring(0, name.length() - LOCK.length());
                if (!otherId.equals(id) && isAlive(otherId, other, heir)) {
                    living++;
                }
            }
        }
        return living;
    }

    private boolean isAlive(String otherId, Path otherLock, Heir heir) throws IOException, InterruptedException {
        return OF_THIS_PROCESS.contains(otherId) || !bury(otherLock, housekeeping.resolve(otherId), heir);
    }

    private static boolean bury(Path otherLock, Path directory, Heir heir) throws IOException, InterruptedException {
        try (FileChannel other = FileChannel.open(otherLock, StandardOpenOption.WRITE)) {
            boolean isDead = other.tryLock() != null;
            if (isDead) {
                heir.inherit(directory);
                Files.deleteIfExists(otherLock);
            }
            return isDead;
        } catch (NoSuchFileException e) {
            // It has left in good order meanwhile, or another instance was faster.
            return true;
        }
    }

    /** Leaves; the directory must be empty or gone. */
    @Override
    public void close() throws IOException {
        try {
            lock.close();
        } finally {
            Files.deleteIfExists(housekeeping.resolve(id + LOCK));
            OF_THIS_PROCESS.remove(id);
        }
    }
}
