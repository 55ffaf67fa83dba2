package io.github.camelvlm.routes.folder;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
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
 * Lets a route take a file only when its size and time have not changed for a while, that is, when no process writes to it
 * any more; when there is a place for it; and when no other process has taken it. From then on it is no longer in the
 * inbox, see {@link FolderClaims}.
 *
 * <p>Camel's {@code readLock=changed} says the same of one file at a time: it sleeps while it watches, so that many files
 * wait for one another. Here all files of the folder are watched at once, from one poll to the next, nothing sleeps, and
 * no lock file is left behind by a crash. The clock is this machine's own: files from machines with another time, or
 * copied with their old time, are judged alike.
 */
public final class SettledFiles implements GenericFileExclusiveReadLockStrategy<File> {
    private static final Logger LOG = LoggerFactory.getLogger("camel-vlm");

    /** The exchange property that holds the file as it was listed. */
    private static final String LISTED = SettledFiles.class.getName();

    /** So many files may be remembered before those that are gone are forgotten. */
    private static final int SWEEP_EVERY = 1000;

    private record Seen(long length, long lastModified, long since) {}

    /** A file that cannot be taken as it is; no file has this length. */
    private static final Seen UNUSABLE = new Seen(-1, 0, 0);

    /** One thread looks at files, others say that they are done with one. */
    private final Map<File, Seen> files = new ConcurrentHashMap<>();

    /** What was told of files that stay in the inbox. */
    private final Map<File, String> told = new ConcurrentHashMap<>();

    private Duration unchangedFor = Duration.ofSeconds(2);
    private PictureOrder order;
    private FolderClaims claims;
    private UnnamableFiles unnamable;
    private long pollBegan;

    /** @param order has the places for files in hand */
    public void setOrder(PictureOrder order) {
        this.order = order;
    }

    /** @param claims takes files before other processes do */
    public void setClaims(FolderClaims claims) {
        this.claims = claims;
    }

    /** @param unnamable what is done with files whose names are no text */
    public void setUnnamable(UnnamableFiles unnamable) {
        this.unnamable = unnamable;
    }

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
        claims.start();
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
            boolean isSettled = pollBegan - seen.since() >= unchangedFor.toNanos();
            if (isSettled && unnamable.areMeantBy(path)) {
                setAside(path);
                return false;
            }
            return isSettled && take(path, file, exchange);
        }
        String hindrance = hindrance(path);
        if (hindrance != null) {
            tellOnce(path, hindrance);
            // Never settled.
            files.put(path, UNUSABLE);
            return false;
        }
        if (seen != null && claims.isAlone() && !path.exists()) {
            LOG.info("{} has gone from the inbox before its turn, and is passed over", file.getFileName());
        }
        files.put(path, new Seen(path.length(), path.lastModified(), now));
        if (files.size() % SWEEP_EVERY == 0) {
            files.keySet().removeIf(known -> !known.exists());
            told.keySet().retainAll(files.keySet());
        }
        return false;
    }

    /** Whether a file is taken: there was a place for it, and no other process was faster. */
    private boolean take(File path, GenericFile<File> file, Exchange exchange) {
        try {
            order.take(exchange);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
        boolean isTaken = false;
        try {
            claim(path, file, exchange);
            isTaken = true;
        } catch (NoSuchFileException e) {
            files.remove(path);
            if (claims.isAlone()) {
                LOG.info("{} has gone from the inbox before its turn, and is passed over", file.getFileName());
            }
        } catch (IOException e) {
            order.noteStuck();
            tellOnce(path, "it cannot be taken: " + e);
        } finally {
            if (!isTaken) {
                order.leave(exchange);
            }
        }
        return isTaken;
    }

    private void claim(File path, GenericFile<File> file, Exchange exchange) throws IOException {
        // Where a link leads, as long as it is where it belongs.
        Path real = path.toPath().toRealPath();
        Path picture = claims.claim(path.toPath());
        order.leaveAtTheEnd(exchange);
        exchange.setProperty(LISTED, path);
        exchange.setProperty(FolderClaims.IN_HAND, picture);
        Path content = leadsTo(picture, real) ? picture : real;
        file.setFile(content.toFile());
        file.setBody(content.toFile());
        file.setAbsoluteFilePath(content.toString());
    }

    private static boolean leadsTo(Path picture, Path real) {
        try {
            return !Files.isSymbolicLink(picture) || Files.isSameFile(picture, real);
        } catch (IOException e) {
            return false;
        }
    }

    private void setAside(File path) {
        try {
            unnamable.setAside(path);
        } catch (IOException e) {
            tellOnce(path, "it cannot be set aside: " + e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void tellOnce(File path, String hindrance) {
        if (!hindrance.equals(told.put(path, hindrance))) {
            LOG.warn("{} stays in the inbox: {}", path.getName(), hindrance);
        }
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
        // Where it is watched anew, so that a picture that is to be tried again is not tried in a tight loop.
        forget(exchange);
        Path picture = exchange.getProperty(FolderClaims.IN_HAND, Path.class);
        try {
            claims.putBack(picture);
        } catch (IOException e) {
            LOG.warn("{} goes back to the inbox at the next start: {}", file.getFileName(), e.toString());
        }
    }

    @Override
    public void releaseExclusiveReadLockOnCommit(
            GenericFileOperations<File> operations, GenericFile<File> file, Exchange exchange) {
        forget(exchange);
    }

    private void forget(Exchange exchange) {
        File path = exchange.getProperty(LISTED, File.class);
        files.remove(path);
        told.remove(path);
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
