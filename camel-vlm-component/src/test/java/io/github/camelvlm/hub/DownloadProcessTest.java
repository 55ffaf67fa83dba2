package io.github.camelvlm.hub;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Downloads in processes of their own. */
class DownloadProcessTest extends HubTestSupport {
    private JavaProcess fetching() throws Exception {
        return new JavaProcess(FetchModel.class, hub.environment(home), FakeHub.MODEL);
    }

    private Path snapshot() {
        return folder().resolve("snapshots").resolve(FakeHub.COMMIT);
    }

    /** Sends 5 MB of the weights, and then nothing. */
    private CountDownLatch haltAfterFiveMegabytes() {
        CountDownLatch sent = new CountDownLatch(1);
        hub.answer(WEIGHTS, (exchange, file) -> {
            exchange.sendResponseHeaders(200, file.length);
            exchange.getResponseBody().write(file, 0, 5_000_000);
            exchange.getResponseBody().flush();
            sent.countDown();
            new CountDownLatch(1).await();
        });
        return sent;
    }

    @Test
    void fetchesOnceForProcessesThatStartTogether() throws Exception {
        try (JavaProcess one = fetching();
                JavaProcess two = fetching()) {
            assertThat(one.output()).contains("directory " + snapshot());
            assertThat(two.output()).contains("directory " + snapshot());
        }
        assertThat(hub.requests("config.json")).hasSize(1);
        assertThat(hub.requests(WEIGHTS)).hasSize(2);
        assertThat(snapshot().resolve(WEIGHTS)).hasBinaryContent(hub.file(WEIGHTS));
    }

    @Test
    void goesOnAfterAProcessThatWasKilled() throws Exception {
        CountDownLatch sent = haltAfterFiveMegabytes();
        try (JavaProcess killed = fetching()) {
            assertThat(sent.await(20, TimeUnit.SECONDS)).isTrue();
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
            while (Files.size(incomplete(WEIGHTS)) == 0 && System.nanoTime() < end) {
                Thread.onSpinWait();
            }
            killed.kill();
        }
        assertThat(snapshot()).doesNotExist();
        long arrived = Files.size(incomplete(WEIGHTS));

        try (JavaProcess next = fetching()) {
            assertThat(next.output()).contains("directory " + snapshot());
        }
        assertThat(hub.requests(WEIGHTS).get(2).range()).isEqualTo("bytes=" + arrived + "-");
        assertThat(snapshot().resolve(WEIGHTS)).hasBinaryContent(hub.file(WEIGHTS));
    }

    @Test
    void endsAtOnceWhenItsProcessIsAskedToStop() throws Exception {
        CountDownLatch sent = haltAfterFiveMegabytes();
        try (JavaProcess stopped = fetching()) {
            assertThat(sent.await(20, TimeUnit.SECONDS)).isTrue();

            assertThat(stopped.endsWithin(10)).isTrue();
        }
    }
}
