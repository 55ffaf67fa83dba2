package io.github.camelvlm.hub;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * Places the files of a model where loaders look for them: {@code snapshots/COMMIT/NAME} leads to {@code blobs/HASH}, as
 * huggingface_hub has it.
 *
 * @param folder of the model in the cache
 * @param commit whose files these are
 */
record SnapshotFolder(Path folder, String commit) {
    Path path() {
        return folder.resolve("snapshots").resolve(commit);
    }

    /** Gives a blob the name of a file. */
    void place(RemoteFile file, Path blob) throws IOException {
        Files.createDirectories(path());
        Path place = path().resolve(file.name());
        if (Files.exists(place) && Files.isSameFile(place, blob)) {
            return;
        }
        Path fresh = path().resolve(file.name() + BlobDownload.INCOMPLETE);
        Files.deleteIfExists(fresh);
        link(fresh, blob);
        Files.move(fresh, place, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** A relative link, so that the cache can be moved; where there are none (Windows), another name, else a copy. */
    private static void link(Path link, Path blob) throws IOException {
        try {
            Files.createSymbolicLink(link, link.getParent().relativize(blob));
        } catch (IOException | UnsupportedOperationException noSymbolicLinks) {
            try {
                Files.createLink(link, blob);
            } catch (IOException | UnsupportedOperationException noLinks) {
                Files.copy(blob, link);
            }
        }
    }

    /** Notes what a branch or tag stands for. Last of all: with it the model is there. */
    void refer(String revision) throws IOException {
        if (revision.equals(commit)) {
            return;
        }
        Path reference = folder.resolve("refs").resolve(revision);
        Files.createDirectories(reference.getParent());
        Path fresh = reference.resolveSibling(reference.getFileName() + BlobDownload.INCOMPLETE);
        Files.writeString(fresh, commit);
        Files.move(fresh, reference, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
