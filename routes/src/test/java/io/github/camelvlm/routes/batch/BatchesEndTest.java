package io.github.camelvlm.routes.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.camelvlm.routes.BatchFile;
import io.github.camelvlm.routes.RunningRoutes;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class BatchesEndTest {
    @TempDir
    private Path root;

    @Test
    void areClosedAfterTheContextThatEndedTheirThreads() throws Exception {
        Batches batches = new Batches();
        RunningRoutes routes = new RunningRoutes(root, Map.of("vlm.folder", "false"));
        try {
            batches.setCamelContext(routes.context());
            batches.setAtOnce(1);
            batches.setMaxBody(10_000);
            byte[] requests = BatchFile.requests(1).getBytes(StandardCharsets.UTF_8);
            assertThat(batches.answer(new ByteArrayInputStream(requests), root.resolve("answers"), "requests")
                            .failed())
                    .isZero();
        } finally {
            routes.close();
        }

        assertThatCode(batches::close).doesNotThrowAnyException();
    }

    @Test
    @Timeout(60)
    void endWithTheThreadsThatLeaveLinesWithoutATurn() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(1);
        CountDownLatch isBusy = new CountDownLatch(1);
        threads.submit(() -> {
            isBusy.countDown();
            Thread.sleep(60_000);
            return null;
        });
        byte[] requests = BatchFile.requests(3).getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream answers = new ByteArrayOutputStream();
        CountDownLatch isRead = new CountDownLatch(1);
        try (DefaultCamelContext camel = new DefaultCamelContext()) {
            camel.start();
            BatchRun run = new BatchRun(
                    new BatchEngine(camel, 1),
                    threads,
                    10,
                    100_000,
                    new UnresumedOutput(new PrintStream(answers, false, StandardCharsets.UTF_8)),
                    new BatchProgress("requests", count -> {}));
            InputStream input = new ByteArrayInputStream(requests) {
                @Override
                public synchronized int read(byte[] into, int from, int length) {
                    int read = super.read(into, from, length);
                    if (read < 0) {
                        isRead.countDown();
                    }
                    return read;
                }
            };
            CompletableFuture<BatchCount> answered = CompletableFuture.supplyAsync(() -> {
                try {
                    return run.answer(new BatchInput(input, 100_000));
                } catch (IOException | InterruptedException e) {
                    throw new CompletionException(e);
                }
            });
            isBusy.await();
            isRead.await();
            assertThat(threads.shutdownNow()).isNotEmpty();

            assertThatThrownBy(() -> answered.get(30, TimeUnit.SECONDS))
                    .hasCauseInstanceOf(InterruptedException.class)
                    .hasRootCauseMessage("The application stops");
        }
        assertThat(answers.size()).isZero();
    }
}
