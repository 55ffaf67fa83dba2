package io.github.camelvlm.hub;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets one download of a model run at a time, of all processes that share the cache. The lock is the operating system's,
 * so that it ends with the process, however that ends; its file stays.
 *
 * <p>On Linux it does not keep huggingface_hub out, which locks in another way (flock). Nothing but time is lost: both
 * move whole blobs into place.
 */
final class DownloadLock implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("camel-vlm");
    private static final Duration PAUSE = Duration.ofMillis(100);

    // The system's lock is the process's: a thread that closed the file would release it for another that holds it.
    private static final Map<Path, Semaphore> IN_THIS_PROCESS = new ConcurrentHashMap<>();

    private final Semaphore inThisProcess;
    private FileChannel channel;

    private DownloadLock(Semaphore inThisProcess) {
        this.inThisProcess = inThisProcess;
    }

    /**
     * Waits for the lock.
     *
     * @param file is made if it is missing, with its folders
     * @param what is waited for, for the log
     * @throws DownloadCancelledException if it is cancelled meanwhile
     */
    static DownloadLock acquire(Path file, String what, Cancellation cancellation)
            throws IOException, InterruptedException {
        Files.createDirectories(file.getParent());
        Semaphore semaphore = IN_THIS_PROCESS.computeIfAbsent(
                file.getParent().toRealPath().resolve(file.getFileName()), path -> new Semaphore(1));
        boolean isTold = false;
        while (!semaphore.tryAcquire()) {
            isTold = tell(isTold, what);
            cancellation.pause(PAUSE);
        }
        DownloadLock lock = new DownloadLock(semaphore);
        try {
            lock.channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            while (!lock.tryLock(file)) {
                isTold = tell(isTold, what);
                cancellation.pause(PAUSE);
            }
            return lock;
        } catch (IOException | InterruptedException | RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    private boolean tryLock(Path file) {
        try {
            FileLock lock = channel.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException e) {
            // Held by this class, loaded a second time by another class loader.
            return false;
        } catch (IOException e) {
            // Some network file systems have no locks. Two downloads write the same bytes to the same places.
            LOG.info("{} cannot be locked: another process may download the same ({})", file, e.getMessage());
            return true;
        }
    }

    private static boolean tell(boolean isTold, String what) {
        if (!isTold) {
            LOG.info("Waiting for another download of {}", what);
        }
        return true;
    }

    @Override
    public void close() throws IOException {
        try {
            if (channel != null) {
                // Which releases the system's lock.
                channel.close();
            }
        } finally {
            inThisProcess.release();
        }
    }
}
