package io.github.camelvlm.routes;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePropertyKey;
import org.apache.camel.LoggingLevel;
import org.apache.camel.component.file.GenericFile;
import org.apache.camel.component.file.GenericFileEndpoint;
import org.apache.camel.component.file.GenericFileExclusiveReadLockStrategy;
import org.apache.camel.component.file.GenericFileOperations;
import org.apache.camel.util.TimeUtils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets a route take a file only when its size and time have not changed for a while, that is, when nobody writes to it
 * any more.
 *
 * <p>Camel's {@code readLock=changed} says the same of one file at a time: it sleeps while it watches, so that many files
 * wait for one another. Here all files of the folder are watched at once, from one poll to the next, nothing sleeps, and
 * no lock file is left behind by a crash. The clock is this machine's own: files from machines with another time, or
 * copied with their old time, are judged alike.
 */
public final class SettledFiles implements GenericFileExclusiveReadLockStrategy<File> {
    private static final Logger LOG = LoggerFactory.getLogger("camel-vlm");

    /** So many files may be remembered before those that are gone are forgotten. */
    private static final int SWEEP_EVERY = 1000;

    private record Seen(long length, long lastModified, long since) {}

    /** A file that cannot be taken as it is; no file has this length. */
    private static final Seen UNUSABLE = new Seen(-1, 0, 0);

    /** One thread looks at files, others say that they are done with one. */
    private final Map<File, Seen> files = new ConcurrentHashMap<>();

    private Duration unchangedFor = Duration.ofSeconds(2);
    private long pollBegan;

    /**
     * Sets how long a file must be unchanged before it is taken; 2 seconds by default.
     *
     * @param time as Camel writes times: {@code 2s}, {@code 500ms}, {@code 1m30s}, or milliseconds
     */
    public void setUnchangedFor(String time) {
        try {
            unchangedFor = Duration.ofMillis(TimeUtils.toMilliSeconds(time));
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new IllegalArgumentException("vlm.settle is \"" + time + "\": write a time, such as 2s or 500ms");
        }
    }

    @Override
    public void prepareOnStartup(GenericFileOperations<File> operations, GenericFileEndpoint<File> endpoint) {
        files.clear();
    }

    @Override
    public boolean acquireExclusiveReadLock(
            GenericFileOperations<File> operations, GenericFile<File> file, Exchange exchange) {
        File path = file.getFile();
        long now = System.nanoTime();
        if (exchange.getProperty(ExchangePropertyKey.BATCH_INDEX, 0, Integer.class) == 0) {
            pollBegan = now;
        }
        Seen seen = files.get(path);
        if (seen != null && seen.length() == path.length() && seen.lastModified() == path.lastModified()) {
            // By one clock for the whole poll: a file is never taken while one before it is not.
            return pollBegan - seen.since() >= unchangedFor.toNanos();
        }
        String hindrance = hindrance(path);
        if (hindrance != null) {
            if (seen == null) {
                LOG.warn("{} stays in the inbox: {}", path.getName(), hindrance);
            }
            // Never settled, and named once.
            files.put(path, UNUSABLE);
            return false;
        }
        files.put(path, new Seen(path.length(), path.lastModified(), now));
        if (files.size() % SWEEP_EVERY == 0) {
            files.keySet().removeIf(known -> !known.exists());
        }
        return false;
    }

    /** Why a file is never taken, and how to mend it; null if nothing is in the way. */
    private static String hindrance(File file) {
        Path path;
        try {
            path = file.toPath();
        } catch (InvalidPathException e) {
            return "its name has characters that the locale of this process lacks. Start with LC_ALL=C.UTF-8, or rename it";
        }
        // Who opens a pipe waits for its other end, and a link to nothing can neither be read nor moved.
        // What has gone meanwhile is none of these.
        return Files.exists(path, LinkOption.NOFOLLOW_LINKS) && !Files.isRegularFile(path)
                ? "it is a link to nothing, a pipe or a device. Put the picture itself there, or remove it"
                : null;
    }

    @Override
    public void releaseExclusiveReadLockOnAbort(
            GenericFileOperations<File> operations, GenericFile<File> file, Exchange exchange) {
        // Not taken yet: what is known of it is needed at the next poll.
    }

    @Override
    public void releaseExclusiveReadLockOnRollback(
            GenericFileOperations<File> operations, GenericFile<File> file, Exchange exchange) {
        // Watched anew, so that a picture that is to be tried again is not tried in a tight loop.
        files.remove(file.getFile());
    }

    @Override
    public void releaseExclusiveReadLockOnCommit(
            GenericFileOperations<File> operations, GenericFile<File> file, Exchange exchange) {
        files.remove(file.getFile());
    }

    @Override
    public void setTimeout(long timeout) {
        // Nothing waits here. The same holds for the other options of Camel's own locks.
    }

    @Override
    public void setCheckInterval(long checkInterval) {}

    @Override
    public void setReadLockLoggingLevel(LoggingLevel readLockLoggingLevel) {}

    @Override
    public void setMarkerFiler(boolean markerFile) {}

    @Override
    public void setDeleteOrphanLockFiles(boolean deleteOrphanLockFiles) {}
}
