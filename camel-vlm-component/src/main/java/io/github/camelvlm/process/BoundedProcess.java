package io.github.camelvlm.video;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * A process of one of the programs, bounded in time and memory, whose output is read as it is made. It ends when it is
 * closed, by any thread. One thread reads it.
 */
final class FfmpegRun implements AutoCloseable {
    /** Of its address space. A film of 8K with a thread for each of two cores takes less. */
    private static final long MAX_MEMORY_KIB = 4L << 20;

    private static final int MAX_COMPLAINT = 2000;
    private static final Path SHELL = Path.of("/bin/sh");

    private final Process process;
    private final Duration limit;
    private final CompletableFuture<Void> deadline;
    private final Thread complaints;
    private final StringBuilder complaint = new StringBuilder();
    private volatile boolean tookTooLong;

    private FfmpegRun(Process process, Duration limit) {
        this.process = process;
        this.limit = limit;
        deadline = CompletableFuture.runAsync(
                () -> {
                    tookTooLong = process.isAlive();
                    process.destroyForcibly();
                },
                CompletableFuture.delayedExecutor(limit.toMillis(), TimeUnit.MILLISECONDS));
        // It would wait for ever on a full pipe otherwise.
        complaints = new Thread(this::readComplaints, "vlm-ffmpeg-complaints");
        complaints.setDaemon(true);
        complaints.start();
    }

    /**
     * Starts a program, which sees nothing of this process's environment.
     *
     * @param programs where it is and what it needs
     * @param command its path and its arguments
     * @param folder where it runs
     * @param limit after which it is ended
     */
    static FfmpegRun start(FfmpegPrograms programs, List<String> command, Path folder, Duration limit)
            throws IOException {
        List<String> all = new ArrayList<>();
        if (Files.isExecutable(SHELL)) {
            String bounds = "ulimit -v " + MAX_MEMORY_KIB + " 2>/dev/null; ulimit -c 0 2>/dev/null; exec \"$@\"";
            all.addAll(List.of(SHELL.toString(), "-c", bounds, "sh"));
        }
        all.addAll(command);
        ProcessBuilder builder = new ProcessBuilder(all).directory(folder.toFile());
        builder.environment().clear();
        if (programs.libraries() != null) {
            builder.environment().put("LD_LIBRARY_PATH", programs.libraries().toString());
        }
        Process process = builder.start();
        process.getOutputStream().close();
        return new FfmpegRun(process, limit);
    }

    private void readComplaints() {
        byte[] buffer = new byte[512];
        try (InputStream errors = process.getErrorStream()) {
            for (int n = errors.read(buffer); n >= 0; n = errors.read(buffer)) {
                synchronized (complaint) {
                    complaint.append(new String(buffer, 0, n, StandardCharsets.UTF_8));
                    complaint.delete(0, Math.max(0, complaint.length() - MAX_COMPLAINT));
                }
            }
        } catch (IOException e) {
            // It was ended: what it had said is known.
        }
    }

    /** What it writes. It ends early where the process is ended. */
    InputStream output() {
        return process.getInputStream();
    }

    /**
     * Waits for its end.
     *
     * @throws IOException if it failed or was ended; tells what it complained of last
     */
    void awaitSuccess() throws IOException {
        try {
            int status = process.waitFor();
            complaints.join();
            if (tookTooLong) {
                throw new IOException("it took longer than " + limit.toSeconds() + " s");
            }
            if (status != 0) {
                throw new IOException(lastComplaint(status));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("the thread that read it was interrupted", e);
        }
    }

    private String lastComplaint(int status) {
        synchronized (complaint) {
            return complaint
                    .toString()
                    .lines()
                    .filter(line -> !line.isBlank())
                    .reduce((earlier, later) -> later)
                    .map(String::strip)
                    .orElse("ffmpeg ended with status " + status);
        }
    }

    @Override
    public void close() {
        deadline.cancel(false);
        process.destroyForcibly();
    }
}
