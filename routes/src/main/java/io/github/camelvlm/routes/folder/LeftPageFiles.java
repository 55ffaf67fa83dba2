package io.github.camelvlm.routes.folder;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The files of pages whose documents were taken out of the folder before they were described. */
final class LeftPageFiles extends SimpleFileVisitor<Path> {
    private static final Logger LOG = LoggerFactory.getLogger("camel-vlm");

    private final Path captions;

    /** Where a document can be: in the inbox, or in hand. */
    private final List<Path> places = new ArrayList<>();

    private final Instant before;

    private LeftPageFiles(Path captions, Instant before) {
        this.captions = captions;
        this.before = before;
    }

    /**
     * Removes them.
     *
     * @param before those written since may be of a document that is on its way from one place to another
     * @throws IOException if a folder cannot be read
     */
    static void remove(Path captions, Path inbox, Instant before) throws IOException {
        LeftPageFiles left = new LeftPageFiles(captions, before);
        left.places.add(inbox);
        Path inHand = FolderClaims.housekeeping(inbox);
        if (Files.isDirectory(inHand)) {
            try (DirectoryStream<Path> instances = Files.newDirectoryStream(inHand, path -> Files.isDirectory(path))) {
                instances.forEach(left.places::add);
            }
        }
        if (Files.isDirectory(captions)) {
            Files.walkFileTree(captions, left);
        }
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
        if (PageFile.isOne(file)
                && attributes.lastModifiedTime().toInstant().isBefore(before)
                && !hasDocument(PageFile.document(captions.relativize(file)))) {
            Files.deleteIfExists(file);
            LOG.info("{} is removed: its document has gone before all its pages were described", file);
        }
        return FileVisitResult.CONTINUE;
    }

    private boolean hasDocument(Path name) {
        return places.stream().anyMatch(place -> Files.exists(place.resolve(name), LinkOption.NOFOLLOW_LINKS));
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
