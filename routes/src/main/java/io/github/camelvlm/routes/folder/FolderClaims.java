package io.github.camelvlm.routes.folder;

import io.github.camelvlm.chat.VlmException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees to it that of several processes that share a folder, one describes a picture, and once. A process claims a picture
 * by renaming it into a directory of its own, in a hidden one in the inbox: of those that try, the file system lets one
 * succeed. What a process that was killed had in hand goes back to the inbox as soon as another one looks, or it starts
 * again.
 */
public final class FolderClaims implements CamelContextAware, AutoCloseable {
    /** The exchange property that holds the path of the picture in hand. */
    static final String IN_HAND = "inHand";

    private static final Logger LOG = LoggerFactory.getLogger("camel-vlm");
    private static final long LOOK_MILLIS = 1000;

    private CamelContext camelContext;
    private Path inbox;
    private Path realInbox;
    private FolderTurn turn;
    private Summary summary;
    private FolderInstance instance;
    private ScheduledExecutorService look;
    private volatile int others;
    private String trouble;

    @Override
    public CamelContext getCamelContext() {
        return camelContext;
    }

    @Override
    public void setCamelContext(CamelContext camelContext) {
        this.camelContext = camelContext;
    }

    /** @param inbox the folder that is shared; relative to the working directory */
    public void setInbox(String inbox) {
        this.inbox = Path.of(inbox).toAbsolutePath().normalize();
    }

    /** @param turn held while pictures go back */
    public void setTurn(FolderTurn turn) {
        this.turn = turn;
    }

    /** @param summary loses the rows of pictures that go back */
    public void setSummary(Summary summary) {
        this.summary = summary;
    }

    /** Where the processes that share an inbox keep what they have in hand. Hidden, so that nothing there is taken. */
    static Path housekeeping(Path inbox) {
        return inbox.toAbsolutePath().normalize().resolve(".camel-vlm");
    }

    /**
     * Joins those that share the folder, takes back what dead ones left, and goes on to look for them each second.
     *
     * @throws VlmException if the folder cannot be shared
     */
    synchronized void start() {
        if (instance != null) {
            return;
        }
        try {
            Files.createDirectories(inbox);
            realInbox = inbox.toRealPath();
            instance = new FolderInstance(housekeeping(inbox));
            others = instance.bury(this::inherit);
        } catch (IOException e) {
            throw new VlmException(
                    "vlm.inbox is " + inbox + ", where this process can lock or rename nothing (" + e.getMessage()
                            + "): change its permissions, or name a folder on a file system that has locks",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        }
        look = camelContext.getExecutorServiceManager().newSingleThreadScheduledExecutor(this, "folder-claims");
        look.scheduleWithFixedDelay(this::lookForDead, LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void lookForDead() {
        try {
            others = instance.bury(this::inherit);
            trouble = null;
        } catch (IOException | RuntimeException e) {
            if (!e.toString().equals(trouble)) {
                trouble = e.toString();
                LOG.warn("What a process left in {} cannot be taken back yet: {}", housekeeping(inbox), trouble);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Claims a picture.
     *
     * @param picture a file in the inbox
     * @return where it is from now on
     * @throws NoSuchFileException if it has gone, most likely since another process was faster
     * @throws IOException if it cannot be renamed, or is reached by a link out of the inbox
     */
    Path claim(Path picture) throws IOException {
        Path from = picture.toAbsolutePath().normalize();
        if (!from.getParent().toRealPath().startsWith(realInbox)) {
            throw new IOException("a link leads to it, out of the inbox");
        }
        Path to = instance.directory().resolve(inbox.relativize(from));
        if (Files.exists(to, LinkOption.NOFOLLOW_LINKS)) {
            // An earlier picture of this name, which could not go back when its turn was over.
            putBack(to);
        }
        Files.createDirectories(to.getParent());
        return Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    }

    /** Whether no other process shares the folder, as far as was seen at the last look. */
    boolean isAlone() {
        return others == 0;
    }

    /** The directory of what is in hand here. */
    Path inHand() {
        return instance.directory();
    }

    /**
     * Puts a picture back into the inbox, under another name if its own is taken by now.
     *
     * @param picture where {@link #claim} put it; may be gone
     */
    void putBack(Path picture) throws IOException {
        putBack(instance.directory(), picture);
    }

    private void putBack(Path directory, Path picture) throws IOException {
        Path place = inbox.resolve(directory.relativize(picture));
        try {
            Files.createDirectories(place.getParent());
            Files.move(
                    picture,
                    Files.exists(place, LinkOption.NOFOLLOW_LINKS) ? FileNames.free(place) : place,
                    StandardCopyOption.ATOMIC_MOVE);
        } catch (NoSuchFileException e) {
            LOG.warn("{} has gone while it was in hand", directory.relativize(picture));
        }
    }

    /** Puts all back that a directory holds. A row that was written last may be of one of them. */
    private void inherit(Path directory) throws IOException, InterruptedException {
        if (!Files.exists(directory)) {
            return;
        }
        turn.take();
        try {
            putAllBack(directory);
        } finally {
            turn.giveBack();
        }
    }

    private void putAllBack(Path directory) throws IOException {
        takeBackUnfinishedRow();
        Files.walkFileTree(directory, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                putBack(directory, file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path left, IOException failure) throws IOException {
                if (failure != null) {
                    throw failure;
                }
                Files.delete(left);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    /**
     * Takes the last row back if the process that wrote it ended before its picture moved. To be called within a turn.
     *
     * @throws IOException if the summary cannot be read or written to
     */
    void takeBackUnfinishedRow() throws IOException {
        if (turn.isUnfinished()) {
            try (DirectoryStream<Path> directories =
                    Files.newDirectoryStream(housekeeping(inbox), path -> Files.isDirectory(path))) {
                for (Path directory : directories) {
                    summary.takeBack(directory);
                }
            }
            turn.finish();
        }
    }

    /** Puts all back that is still in hand, and leaves those that share the folder. */
    @Override
    public synchronized void close() {
        if (instance == null) {
            return;
        }
        if (look != null) {
            camelContext.getExecutorServiceManager().shutdownNow(look);
        }
        try (FolderInstance leaving = instance) {
            if (Files.exists(leaving.directory())) {
                turn.takeAtTheEnd();
                try {
                    putAllBack(leaving.directory());
                } finally {
                    turn.giveBack();
                }
            }
        } catch (IOException e) {
            LOG.warn("What is in {} goes back to the inbox at the next start: {}", housekeeping(inbox), e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        instance = null;
    }
}
