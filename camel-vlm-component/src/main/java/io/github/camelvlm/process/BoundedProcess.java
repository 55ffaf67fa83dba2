package io.github.camelvlm.process;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/**
 * A process that does for this JVM what a hostile input could end one by: bounded in time, and in memory where it cannot
 * bound that itself. Its output is read as it is made, by one thread; any thread may close it, which ends it.
 */
public final class BoundedProcess implements AutoCloseable {
    private static final int MAX_COMPLAINT = 2000;
    private static final Path SHELL = Path.of("/bin/sh");

    private final Process process;
    private final ProcessPlace place;
    private final Duration limit;
    private final CompletableFuture<Void> deadline;
    private final Thread complaints;
    private final StringBuilder complaint = new StringBuilder();
    private volatile boolean tookTooLong;

    private BoundedProcess(Process process, ProcessPlace place, Duration limit) {
        this.process = process;
        this.place = place;
        this.limit = limit;
        deadline = CompletableFuture.runAsync(
                () -> {
                    tookTooLong = process.isAlive();
                    process.destroyForcibly();
                },
                CompletableFuture.delayedExecutor(limit.toMillis(), TimeUnit.MILLISECONDS));
        // It would wait for ever on a full pipe otherwise.
        complaints = new Thread(this::readComplaints, "vlm-process-complaints");
        complaints.setDaemon(true);
        complaints.start();
    }

    /**
     * Starts a program, as soon as there is a place for it: a thread that has one open must not wait for another.
     *
     * @param command its path and its arguments
     * @param environment its environment, of which nothing is this process's own
     * @param folder where it runs
     * @param limit after which it is ended
     * @param memory the most bytes of its address space, where the system can bound that; 0 for no bound
     * @param cancellation ends it, and the wait for a place, when it completes
     * @throws IOException if it cannot be started, or is cancelled before
     */
    public static BoundedProcess start(
            List<String> command,
            Map<String, String> environment,
            Path folder,
            Duration limit,
            long memory,
            CompletionStage<?> cancellation)
            throws IOException {
        ProcessPlace place = ProcessPlace.await(cancellation.toCompletableFuture());
        try {
            BoundedProcess started = new BoundedProcess(startNow(command, environment, folder, memory), place, limit);
            cancellation.whenComplete((done, failure) -> started.close());
            return started;
        } catch (IOException | RuntimeException | Error e) {
            try (place) {
                throw e;
            }
        }
    }

    private static Process startNow(List<String> command, Map<String, String> environment, Path folder, long memory)
            throws IOException {
        List<String> all = new ArrayList<>();
        if (Files.isExecutable(SHELL)) {
            String bounds = (memory > 0 ? "ulimit -v " + (memory >> 10) + " 2>/dev/null; " : "")
                    + "ulimit -c 0 2>/dev/null; "
                    // Ctrl-C goes to all that a terminal runs, but what this JVM has in hand is to be finished.
                    + "command -v setsid >/dev/null 2>&1 && exec setsid \"$@\"; exec \"$@\"";
            all.addAll(List.of(SHELL.toString(), "-c", bounds, "sh"));
        }
        all.addAll(command);
        ProcessBuilder builder = new ProcessBuilder(all).directory(folder.toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        return builder.start();
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

    /** What it reads; to be closed. */
    public OutputStream input() {
        return process.getOutputStream();
    }

    /** What it writes. It ends early where the process is ended. */
    public InputStream output() {
        return process.getInputStream();
    }

    /**
     * Waits for its end.
     *
     * @throws IOException if it failed or was ended; tells what it complained of last
     */
    public void awaitSuccess() throws IOException {
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
                    .orElse("its process ended with status " + status);
        }
    }

    @Override
    public void close() {
        deadline.cancel(false);
        process.destroyForcibly();
        place.close();
    }
}
