package io.github.camelvlm.routes.folder;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The files of pages whose documents were taken out of the folder before they were described. */
final class LeftPageFiles extends SimpleFileVisitor<Path> {
    private static final Logger LOG = LoggerFactory.getLogger("camel-vlm");

    private final Path captions;
    private final Path inbox;
    private final Instant before;

    LeftPageFiles(Path captions, Path inbox, Instant before) {
        this.captions = captions;
        this.inbox = inbox;
        this.before = before;
    }

    /**
     * Removes them.
     *
     * @param before those written since are kept: their documents may come back
     * @throws IOException if the folder of captions cannot be read
     */
    static void remove(Path captions, Path inbox, Instant before) throws IOException {
        if (Files.isDirectory(captions)) {
            Files.walkFileTree(captions, new LeftPageFiles(captions, inbox, before));
        }
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
        try {
            if (PageFile.isOne(file)
                    && attributes.lastModifiedTime().toInstant().isBefore(before)
                    && holdsPages(file)
                    && !hasDocument(PageFile.document(captions.relativize(file)))) {
                Files.deleteIfExists(file);
                LOG.info("{} is removed: its document has gone before all its pages were described", file);
            }
        } catch (IOException e) {
            return visitFileFailed(file, e);
        }
        return FileVisitResult.CONTINUE;
    }

    /** Other programs write hidden files of such names too, such as macOS beside documents of its own. */
    private static boolean holdsPages(Path file) throws IOException {
        try (InputStream content = Files.newInputStream(file)) {
            int first = content.read();
            return first < 0 || first == '{';
        }
    }

    /** Whether it is in the inbox, or in hand. */
    private boolean hasDocument(Path name) throws IOException {
        // Between two looks it may go from a place that is not looked at yet to one that was.
        return isThere(name) || isThere(name);
    }

    private boolean isThere(Path name) throws IOException {
        if (Files.exists(inbox.resolve(name), LinkOption.NOFOLLOW_LINKS)) {
            return true;
        }
        Path inHand = FolderClaims.housekeeping(inbox);
        if (!Files.isDirectory(inHand)) {
            return false;
        }
        // Listed anew, since processes that share the inbox come and go meanwhile.
        try (DirectoryStream<Path> instances = Files.newDirectoryStream(inHand)) {
            for (Path instance : instances) {
                if (Files.exists(instance.resolve(name), LinkOption.NOFOLLOW_LINKS)) {
                    return true;
                }
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return false;
    }

    /** What cannot be read or removed stays: it does no harm. */
    @Override
    public FileVisitResult visitFileFailed(Path file, IOException failure) {
        return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path directory, IOException failure) {
        return FileVisitResult.CONTINUE;
    }
}
