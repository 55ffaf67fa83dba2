package io.github.camelvlm.routes.batch;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;

/** Answers batches: files that are resumed, streams and texts that are not. Several at a time share its threads. */
public final class Batches implements CamelContextAware, AutoCloseable {
    private static final long DEFAULT_LONGEST_LINE = 64_000_000;

    /** As of the bodies of HTTP, lines in hand take an eighth of the heap at most. */
    private static final int PART_OF_HEAP = 8;

    private CamelContext camel;
    private int atOnce = 1;
    private long longestLine = DEFAULT_LONGEST_LINE;
    private int tries = Integer.MAX_VALUE;
    private BatchEngine engine;
    private ExecutorService threads;

    @Override
    public CamelContext getCamelContext() {
        return camel;
    }

    @Override
    public void setCamelContext(CamelContext camelContext) {
        camel = camelContext;
    }

    /** @param atOnce how many requests are given to the engine at once */
    public void setAtOnce(int atOnce) {
        this.atOnce = atOnce;
    }

    /** @param bytes of the longest line; 0 for 64 MB. It is never more than an eighth of the heap */
    public void setMaxBody(long bytes) {
        longestLine = bytes > 0 ? bytes : DEFAULT_LONGEST_LINE;
    }

    /** @param tries after how many of a line an engine that cannot answer is told in its answer; by default it is waited for */
    public void setTries(int tries) {
        this.tries = tries;
    }

    private synchronized void start() {
        if (threads == null) {
            engine = new BatchEngine(camel, tries);
            threads = camel.getExecutorServiceManager().newFixedThreadPool(this, "batch", Math.max(1, atOnce));
        }
    }

    /**
     * Answers a file by a file, in the order of its lines. It is written under a hidden name beside and has its own when
     * all lines are answered; where an earlier run was cut off it is gone on with, and each line is answered once.
     *
     * @param name what the log calls it
     * @throws IOException if a file cannot be read or written; to be called again then
     * @throws InterruptedException if the application stops; to be called again after its start
     */
    public BatchCount answer(Path input, Path output, String name) throws IOException, InterruptedException {
        return answer(input, output, name, count -> {});
    }

    /**
     * The same, and tells how far it is.
     *
     * @throws IOException if a file cannot be read or written; to be called again then
     * @throws InterruptedException if the application stops; to be called again after its start
     */
    public BatchCount answer(Path input, Path output, String name, BatchListener listener)
            throws IOException, InterruptedException {
        try (InputStream in = Files.newInputStream(input);
                ResumableFile file = new ResumableFile(output)) {
            if (!file.isWhole()) {
                return answer(in, file, name, listener);
            }
            BatchCount earlier = earlier(new BatchInput(in, longestLine()), file);
            if (earlier != null) {
                return earlier;
            }
        }
        ResumableFile.setAside(output);
        try (InputStream in = Files.newInputStream(input);
                ResumableFile file = new ResumableFile(output)) {
            return answer(in, file, name, listener);
        }
    }

    /**
     * The same of what can be read only once.
     *
     * @throws IOException if it cannot be read, or the file cannot be written
     */
    public BatchCount answer(InputStream input, Path output, String name) throws IOException, InterruptedException {
        if (ResumableFile.isWhole(output)) {
            ResumableFile.setAside(output);
        }
        try (ResumableFile file = new ResumableFile(output)) {
            return answer(input, file, name, count -> {});
        }
    }

    private BatchCount answer(InputStream input, ResumableFile file, String name, BatchListener listener)
            throws IOException, InterruptedException {
        BatchCount count = run(input, file, name, listener);
        file.finish();
        return count;
    }

    /** How the batch went if a file holds the answers to all its lines, else null. */
    private static BatchCount earlier(BatchInput input, ResumableFile file) throws IOException {
        BatchCount count = new BatchCount(0, 0, 0);
        for (BatchLine line = input.next(); line != null; line = input.next()) {
            BatchOutput.Earlier earlier = file.earlier(line.id());
            if (earlier == BatchOutput.Earlier.NONE) {
                return null;
            }
            count = count.with(earlier == BatchOutput.Earlier.FAILED, true);
        }
        return file.isAtEnd() ? count : null;
    }

    /**
     * Answers what a stream holds by lines on another.
     *
     * @throws IOException if it cannot be read, or the answers are not read on
     */
    public BatchCount answer(InputStream input, PrintStream output, String name)
            throws IOException, InterruptedException {
        return run(input, new UnresumedOutput(output), name, count -> {});
    }

    /**
     * How many lines of a file are to be answered.
     *
     * @throws IOException if it cannot be read
     */
    public long count(Path input) throws IOException {
        long lines = 0;
        try (InputStream in = Files.newInputStream(input)) {
            BatchInput batch = new BatchInput(in, longestLine());
            while (batch.next() != null) {
                lines++;
            }
        }
        return lines;
    }

    /** Answers a text by a text. */
    public String answer(byte[] input, String name) throws InterruptedException {
        ByteArrayOutputStream answers = new ByteArrayOutputStream();
        try {
            run(
                    new ByteArrayInputStream(input),
                    new UnresumedOutput(new PrintStream(answers, false, StandardCharsets.UTF_8)),
                    name,
                    count -> {});
        } catch (IOException e) {
            throw new IllegalStateException("Memory can be read", e);
        }
        return answers.toString(StandardCharsets.UTF_8);
    }

    private BatchCount run(InputStream input, BatchOutput output, String name, BatchListener listener)
            throws IOException, InterruptedException {
        start();
        BatchProgress progress = new BatchProgress(name, listener);
        BatchCount count = new BatchRun(engine, threads, 2 * Math.max(1, atOnce), longestLine(), output, progress)
                .answer(new BatchInput(input, longestLine()));
        progress.end(count);
        return count;
    }

    private long longestLine() {
        return Math.min(longestLine, Runtime.getRuntime().maxMemory() / PART_OF_HEAP);
    }

    @Override
    public synchronized void close() {
        if (threads != null) {
            // Null where the context that stops has ended them already.
            List<Runnable> left = camel.getExecutorServiceManager().shutdownNow(threads);
            if (left != null) {
                // Else what waits for its answer would wait for ever.
                left.forEach(each -> ((Future<?>) each).cancel(false));
            }
            engine.close();
            threads = null;
        }
    }
}
