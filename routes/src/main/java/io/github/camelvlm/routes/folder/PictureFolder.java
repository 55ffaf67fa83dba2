package io.github.camelvlm.routes.folder;

import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** A folder into which pictures are moved, one of which may be named as one that is there already. */
public final class PictureFolder {
    /** What follows a picture's name in that of the file with the reason why it failed. */
    static final String REASON = ".error.txt";

    private Path folder;

    /** @param folder where the pictures go; relative to the working directory */
    public void setFolder(String folder) {
        this.folder = Path.of(folder).toAbsolutePath().normalize();
    }

    /**
     * Makes room for a picture. An earlier one of the same name is renamed, {@code cat.png} to {@code cat-1.png}, unless it
     * is the same picture: the plain name is always that of the newest, to which the newest caption belongs.
     *
     * @param name the name of the picture, below the inbox
     * @param picture where the picture is
     * @return where to move it, absolute; under another name if its own is too long or that of a folder
     * @throws IOException if an earlier picture of the same name cannot be compared or renamed
     */
    Path makeRoom(String name, Path picture) throws IOException {
        Path place = FileNames.fit(folder.resolve(name));
        Files.createDirectories(place.getParent());
        if (Files.isDirectory(place) || Files.isDirectory(reason(place))) {
            return FileNames.free(place);
        }
        if (Files.exists(place, LinkOption.NOFOLLOW_LINKS) && !isSame(place, picture)) {
            Files.move(place, FileNames.free(place));
        }
        return place;
    }

    private static boolean isSame(Path place, Path picture) throws IOException {
        return Files.isRegularFile(place)
                && Files.isReadable(place)
                && Files.isRegularFile(picture)
                && Files.isReadable(picture)
                && Files.mismatch(place, picture) < 0;
    }

    /** The file with the reason why a picture failed. */
    static Path reason(Path picture) {
        return picture.resolveSibling(picture.getFileName() + REASON);
    }

    /** Moves a file, over one that is there; from another file system too. */
    static void move(Path from, Path to) throws IOException {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            // Copied under a hidden name, so that the picture is there whole or not at all.
            Path copy = Files.createTempFile(to.getParent(), ".", ".part");
            try {
                Files.copy(
                        from,
                        copy,
                        StandardCopyOption.REPLACE_EXISTING,
                        StandardCopyOption.COPY_ATTRIBUTES,
                        LinkOption.NOFOLLOW_LINKS);
                Files.move(copy, to, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(copy);
            }
            Files.delete(from);
        }
    }
}
