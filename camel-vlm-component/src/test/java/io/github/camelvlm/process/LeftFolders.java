package io.github.camelvlm.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** Temporary folders that a test leaves behind. Others may be there: a JVM that was killed could remove none. */
public final class LeftFolders {
    private final String prefix;
    private final Set<Path> before;

    /** @param prefix how their names begin */
    public LeftFolders(String prefix) throws IOException {
        this.prefix = prefix;
        before = there();
    }

    /** Requires that those go that were made since; another test's, which runs at the same time, go too. */
    public void requireNone() throws Exception {
        Set<Path> made = there();
        made.removeAll(before);
        for (long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(1); !made.isEmpty(); Thread.sleep(20)) {
            made.removeIf(folder -> !Files.exists(folder));
            assertThat(System.nanoTime()).as("time in which %s are left", made).isLessThan(end);
        }
    }

    private Set<Path> there() throws IOException {
        try (var files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            return files.filter(file -> file.getFileName().toString().startsWith(prefix))
                    .collect(Collectors.toCollection(HashSet::new));
        }
    }
}
