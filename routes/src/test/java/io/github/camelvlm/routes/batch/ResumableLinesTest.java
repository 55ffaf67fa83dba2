package io.github.camelvlm.routes.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResumableLinesTest {
    @TempDir
    private Path root;

    /** What file systems without locks say, as the JVM tells it: an NFS mount without its lock service, some of FUSE. */
    private static Optional<ResumableLines> withoutLocks(Path file) throws IOException {
        return ResumableLines.resume(file, channel -> {
            throw new IOException("No locks available");
        });
    }

    @Test
    void goOnWhereTheFileSystemHasNoLocks() throws Exception {
        Path file = root.resolve("captions/.a.pdf.pages");
        try (ResumableLines first = withoutLocks(file).orElseThrow()) {
            first.write("a");
            first.write("b");
        }
        try (ResumableLines second = withoutLocks(file).orElseThrow()) {
            assertThat(second.earlier("a")).isEqualTo("a");
            second.write("c");
        }

        assertThat(Files.readAllLines(file)).containsExactly("a", "c");
    }

    @Test
    void areOneRunsAtATimeInAProcessWithLocksAndWithout() throws Exception {
        Path file = root.resolve("a");
        Path link = Files.createSymbolicLink(root.resolve("link"), root).resolve("a");
        for (int run = 0; run < 2; run++) {
            ResumableLines unlocked = withoutLocks(file).orElseThrow();
            assertThat(withoutLocks(link)).isEmpty();
            assertThat(ResumableLines.resume(file)).isEmpty();
            unlocked.close();
            ResumableLines locked = ResumableLines.resume(link).orElseThrow();
            assertThat(ResumableLines.resume(file)).isEmpty();
            locked.close();
        }
    }

    @Test
    void areFreeAgainWhereTheFileCannotBeOpened() throws Exception {
        Path file = Files.createDirectory(root.resolve("a"));
        assertThatThrownBy(() -> ResumableLines.resume(file)).isInstanceOf(FileSystemException.class);
        Files.delete(file);

        try (ResumableLines free = ResumableLines.resume(file).orElseThrow()) {
            free.write("a");
        }
        assertThat(file).hasContent("a\n");
    }
}
