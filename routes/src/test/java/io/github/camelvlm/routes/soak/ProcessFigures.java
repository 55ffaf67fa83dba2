package io.github.camelvlm.routes.soak;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * What a process holds, as Linux tells it.
 *
 * @param residentMegabytes its resident memory
 */
record ProcessFigures(long residentMegabytes, long threads, long descriptors) {
    private static final ProcessFigures NONE = new ProcessFigures(0, 0, 0);

    /** The figures of a process; zeros if it has ended, or where there is no {@code /proc}. */
    static ProcessFigures of(long pid) throws IOException {
        Path proc = Path.of("/proc", String.valueOf(pid));
        try (Stream<Path> descriptors = Files.list(proc.resolve("fd"))) {
            long resident = 0;
            long threads = 0;
            for (String line : Files.readAllLines(proc.resolve("status"))) {
                if (line.startsWith("VmRSS:")) {
                    resident = number(line) / 1024;
                } else if (line.startsWith("Threads:")) {
                    threads = number(line);
                }
            }
            return new ProcessFigures(resident, threads, descriptors.count());
        } catch (NoSuchFileException e) {
            return NONE;
        }
    }

    private static long number(String line) {
        return Long.parseLong(line.replaceAll("\\D", ""));
    }

    @Override
    public String toString() {
        return residentMegabytes + " MB resident, " + threads + " threads, " + descriptors + " descriptors";
    }
}
