package io.github.camelvlm.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** What goes wrong on the way, and is mended or told. */
class BrokenDownloadTest extends HubTestSupport {
    private static final byte[] NONE = {};

    private static byte[] changed(byte[] bytes) {
        byte[] changed = bytes.clone();
        changed[changed.length / 2] ^= 1;
        return changed;
    }

    @Test
    void goesOnWhereTheConnectionBroke() throws Exception {
        hub.answer(WEIGHTS, FakeHub.breaksAfter(100_000), FakeHub.breaksAfter(50_000));

        Path model = fetch(FakeHub.MODEL);

        assertThat(model.resolve(WEIGHTS)).hasBinaryContent(hub.file(WEIGHTS));
        assertThat(hub.requests(WEIGHTS).stream()
                        .filter(request -> request.server().equals("store")))
                .extracting(FakeHub.Request::range)
                .containsExactly(null, "bytes=100000-", "bytes=150000-");
    }

    @Test
    void goesOnWhereAnEarlierProcessWasKilled() throws Exception {
        Files.createDirectories(incomplete(WEIGHTS).getParent());
        Files.write(incomplete(WEIGHTS), Arrays.copyOf(hub.file(WEIGHTS), 5_000_000));

        Path model = fetch(FakeHub.MODEL);

        assertThat(model.resolve(WEIGHTS)).hasBinaryContent(hub.file(WEIGHTS));
        assertThat(hub.requests(WEIGHTS)).extracting(FakeHub.Request::range).containsOnly("bytes=5000000-");
        assertThat(incomplete(WEIGHTS)).doesNotExist();
    }

    @Test
    void asksForNothingWhereEverythingHadArrived() throws Exception {
        Files.createDirectories(incomplete(WEIGHTS).getParent());
        Files.write(incomplete(WEIGHTS), hub.file(WEIGHTS));

        Path model = fetch(FakeHub.MODEL);

        assertThat(model.resolve(WEIGHTS)).hasBinaryContent(hub.file(WEIGHTS));
        assertThat(hub.requests(WEIGHTS)).isEmpty();
    }

    @Test
    void beginsAgainWhereTheServerKnowsNoRanges() throws Exception {
        hub.answer(WEIGHTS, FakeHub.breaksAfter(1000), (exchange, file) -> FakeHub.send(exchange, 200, file));

        assertThat(fetch(FakeHub.MODEL).resolve(WEIGHTS)).hasBinaryContent(hub.file(WEIGHTS));
    }

    @Test
    void beginsAgainWhereTheServerRefusesTheRange() throws Exception {
        hub.answer(WEIGHTS, FakeHub.breaksAfter(1000), FakeHub.status(416));

        assertThat(fetch(FakeHub.MODEL).resolve(WEIGHTS)).hasBinaryContent(hub.file(WEIGHTS));
    }

    @Test
    void fetchesWrongBytesOnceMore() throws Exception {
        hub.answer(WEIGHTS, (exchange, file) -> FakeHub.send(exchange, 200, changed(file)));
        hub.answer("config.json", (exchange, file) -> FakeHub.send(exchange, 200, changed(file)));

        Path model = fetch(FakeHub.MODEL);

        assertThat(model.resolve(WEIGHTS)).hasBinaryContent(hub.file(WEIGHTS));
        assertThat(model.resolve("config.json")).hasBinaryContent(hub.file("config.json"));
    }

    @Test
    void dropsWrongBytesThatAnEarlierProcessHasLeft() throws Exception {
        Files.createDirectories(incomplete(WEIGHTS).getParent());
        Files.write(incomplete(WEIGHTS), Arrays.copyOf(changed(hub.file(WEIGHTS)), 5_000_000));

        assertThat(fetch(FakeHub.MODEL).resolve(WEIGHTS)).hasBinaryContent(hub.file(WEIGHTS));
    }

    @Test
    void placesNothingWhenTheBytesStayWrong() {
        FakeHub.Answer wrong = (exchange, file) -> FakeHub.send(exchange, 200, changed(file));
        hub.answer(WEIGHTS, wrong, wrong);

        assertThatThrownBy(() -> fetch(FakeHub.MODEL))
                .isInstanceOf(ModelDownloadException.class)
                .hasMessageContaining("model test/shapes-vl cannot be fetched from " + hub.endpoint())
                .hasMessageContaining("model.safetensors does not arrive: its bytes are not those that the hub lists");
        assertThat(blob(WEIGHTS)).doesNotExist();
        assertThat(incomplete(WEIGHTS)).doesNotExist();
        assertThat(folder().resolve("snapshots")).doesNotExist();
        assertThat(folder().resolve("refs")).doesNotExist();
    }

    @Test
    void triesAgainWhenTheHubIsBusy() throws Exception {
        hub.answer("listing", FakeHub.status(503), FakeHub.status(429));
        hub.answer("tokenizer.json", FakeHub.status(500), FakeHub.status(408), FakeHub.breaksAfter(10));
        hub.answer(WEIGHTS, FakeHub.status(403), FakeHub.status(502));

        assertThat(fetch(FakeHub.MODEL).resolve("tokenizer.json")).hasBinaryContent(hub.file("tokenizer.json"));
    }

    @Test
    void waitsAsLongAsTheHubAsks() throws Exception {
        hub.answer("listing", FakeHub.status(429, "Retry-After", "1"));
        long begin = System.nanoTime();

        fetch(FakeHub.MODEL);

        assertThat(System.nanoTime() - begin).isGreaterThan(TimeUnit.MILLISECONDS.toNanos(990));
    }

    @Test
    void waitsNotForHours() {
        hub.answer("listing", FakeHub.status(429, "Retry-After", "86400"));

        assertThatThrownBy(() -> fetch(FakeHub.MODEL))
                .isInstanceOf(ModelDownloadException.class)
                .hasMessageContaining("127.0.0.1 answers 429")
                .hasMessageContaining("try again later");
    }

    @Test
    void givesUpWhenNothingArrivesAnyMore() {
        hub.answer(WEIGHTS, FakeHub.breaksAfter(10), FakeHub.breaksAfter(10), FakeHub.breaksAfter(10));
        hub.answer(WEIGHTS, FakeHub.breaksAfter(10), FakeHub.breaksAfter(10), FakeHub.breaksAfter(10));

        assertThatThrownBy(() -> fetch(FakeHub.MODEL))
                .isInstanceOf(ModelDownloadException.class)
                .hasMessageContaining("model.safetensors does not arrive: ")
                .hasMessageContaining("it goes on where it was");
        assertThat(incomplete(WEIGHTS)).hasSize(60);
    }

    @Test
    void endsNotAsLongAsMegabytesArrive() throws Exception {
        for (int breaks = 0; breaks < 6; breaks++) {
            hub.answer(WEIGHTS, FakeHub.breaksAfter(1_100_000));
        }

        assertThat(fetch(FakeHub.MODEL).resolve(WEIGHTS)).hasBinaryContent(hub.file(WEIGHTS));
    }

    @Test
    void saysWhyAHubThatIsNotThereCannotBeAsked() {
        assertThatThrownBy(() -> fetch(FakeHub.MODEL, "HF_ENDPOINT", "http://127.0.0.1:1"))
                .hasMessageContaining("its host does not accept the connection")
                .hasMessageContaining("Check the network and the address of the hub");
        assertThatThrownBy(() -> fetch(FakeHub.MODEL, "HF_ENDPOINT", "http://hub.invalid"))
                .hasMessageContaining("its host has no address (hub.invalid");
    }

    @Test
    void looksForSpaceBeforeItFetches() {
        try (ModelHub small = new ModelHub(AT_ONCE, folder -> 5_000_000)) {
            assertThatThrownBy(() -> small.directory(FakeHub.MODEL, options("huggingface")))
                    .isInstanceOf(ModelDownloadException.class)
                    .hasMessageContaining("it needs 7.1 MB in " + home.resolve("hub"))
                    .hasMessageContaining("5.0 MB are free: 2.1 MB are missing")
                    .hasMessageContaining("HF_HUB_CACHE");
        }
        assertThat(hub.requests()).hasSize(1);
    }

    @Test
    void needsNoSpaceForWhatHasArrived() throws Exception {
        Files.createDirectories(incomplete(WEIGHTS).getParent());
        Files.write(incomplete(WEIGHTS), Arrays.copyOf(hub.file(WEIGHTS), 5_000_000));

        try (ModelHub small = new ModelHub(AT_ONCE, folder -> 5_000_000)) {
            assertThat(small.directory(FakeHub.MODEL, options("huggingface"))).isDirectory();
        }
    }

    @Test
    @EnabledOnOs(value = OS.LINUX, disabledReason = "/dev/full stands for a full disk")
    void saysThatTheDiskIsFull() throws Exception {
        Files.createDirectories(incomplete(WEIGHTS).getParent());
        Files.createSymbolicLink(incomplete(WEIGHTS), Path.of("/dev/full"));

        assertThatThrownBy(() -> fetch(FakeHub.MODEL))
                .isInstanceOf(ModelDownloadException.class)
                .hasMessageContaining("cannot be written (No space left on device). Free space");
    }

    @Test
    void saysThatTheCacheCannotBeWritten() throws Exception {
        Files.write(home.resolve("hub"), NONE);

        assertThatThrownBy(() -> fetch(FakeHub.MODEL))
                .isInstanceOf(ModelDownloadException.class)
                .hasMessageContaining("cannot be stored in " + home.resolve("hub"))
                .hasMessageContaining("HF_HUB_CACHE");
    }

    @Test
    void fetchesOnceForThreadsThatAskAtTheSameTime() throws Exception {
        CompletableFuture<?>[] fetches = new CompletableFuture<?>[4];
        for (int i = 0; i < fetches.length; i++) {
            fetches[i] = CompletableFuture.supplyAsync(() -> {
                try {
                    return fetch(FakeHub.MODEL);
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            });
        }
        CompletableFuture.allOf(fetches).get(30, TimeUnit.SECONDS);

        assertThat(hub.requests("config.json")).hasSize(1);
        assertThat(hub.requests(WEIGHTS)).hasSize(2);
    }

    /** Fetches on a thread of its own, until a server that says nothing is waited for. */
    private void fetchUntilItWaits(ModelHub models, FetchInBackground test) throws Exception {
        CountDownLatch waits = new CountDownLatch(1);
        hub.answer(WEIGHTS, (exchange, file) -> {
            exchange.sendResponseHeaders(200, file.length);
            exchange.getResponseBody().write(file, 0, 300_000);
            exchange.getResponseBody().flush();
            waits.countDown();
            new CountDownLatch(1).await();
        });
        CompletableFuture<Path> fetch = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            try {
                fetch.complete(models.directory(FakeHub.MODEL, options("huggingface")));
            } catch (InterruptedException | RuntimeException e) {
                fetch.completeExceptionally(e);
            }
        });
        thread.start();
        assertThat(waits.await(10, TimeUnit.SECONDS)).isTrue();
        test.run(fetch, thread);
    }

    private interface FetchInBackground {
        void run(CompletableFuture<Path> fetch, Thread thread) throws Exception;
    }

    @Test
    void breaksOffAtOnceWhenItIsClosedAndGoesOnLater() throws Exception {
        ModelHub models = new ModelHub(AT_ONCE, folder -> Long.MAX_VALUE);
        fetchUntilItWaits(models, (fetch, thread) -> {
            models.close();

            assertThatThrownBy(() -> fetch.get(10, TimeUnit.SECONDS))
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(DownloadCancelledException.class);
        });
        assertThatThrownBy(() -> models.directory(FakeHub.MODEL, options("huggingface")))
                .isInstanceOf(DownloadCancelledException.class);
        long arrived = Files.size(incomplete(WEIGHTS));

        assertThat(fetch(FakeHub.MODEL).resolve(WEIGHTS)).hasBinaryContent(hub.file(WEIGHTS));
        List<FakeHub.Request> requests = hub.requests(WEIGHTS);
        assertThat(requests.get(requests.size() - 1).range()).isEqualTo(arrived == 0 ? null : "bytes=" + arrived + "-");
    }

    @Test
    void breaksOffAtOnceWhenItsThreadIsInterrupted() throws Exception {
        try (ModelHub models = new ModelHub(AT_ONCE, folder -> Long.MAX_VALUE)) {
            fetchUntilItWaits(models, (fetch, thread) -> {
                thread.interrupt();

                assertThatThrownBy(() -> fetch.get(10, TimeUnit.SECONDS))
                        .isInstanceOf(ExecutionException.class)
                        .hasCauseInstanceOf(InterruptedException.class);
            });
        }
    }
}
