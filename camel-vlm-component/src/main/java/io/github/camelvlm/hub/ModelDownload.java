package io.github.camelvlm.hub;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Fetches a model or an adapter from a hub into the cache: what is missing of what is needed, several files at once. */
final class ModelDownload {
    private static final Logger LOG = LoggerFactory.getLogger("camel-vlm");
    private static final int FILES_AT_ONCE = 4;

    /** The bytes that a folder can still take. */
    interface FreeSpace {
        long of(Path folder) throws IOException;
    }

    private final Hub hub;
    private final ModelId id;
    private final ModelFiles wanted;
    private final HubCache cache;
    private final Retries retries;
    private final FreeSpace freeSpace;
    private final Cancellation cancellation = new Cancellation();

    ModelDownload(Hub hub, ModelId id, ModelFiles wanted, HubCache cache, Retries retries, FreeSpace freeSpace) {
        this.hub = hub;
        this.id = id;
        this.wanted = wanted;
        this.cache = cache;
        this.retries = retries;
        this.freeSpace = freeSpace;
    }

    /** Breaks it off; {@link #run} throws {@link DownloadCancelledException}. */
    void cancel() {
        cancellation.cancel();
    }

    /**
     * Downloads the model, unless another process does so first.
     *
     * @return its snapshot
     * @throws ModelDownloadException if it cannot be had
     */
    Path run() throws InterruptedException {
        try {
            DownloadLock lock = DownloadLock.acquire(cache.lock(id), id.toString(), cancellation);
            try {
                Optional<Path> there = cache.snapshot(id)
                        .filter(snapshot -> wanted.lacking(snapshot).isEmpty());
                return there.isPresent() ? there.get() : download();
            } finally {
                lock.close();
            }
        } catch (IOException e) {
            throw new ModelDownloadException(
                    "model " + id + " cannot be stored in " + cache.root() + " (" + e.getMessage()
                            + "). Make it a folder that can be written, or set HF_HUB_CACHE to one",
                    e);
        }
    }

    private Path download() throws IOException, InterruptedException {
        long begin = System.nanoTime();
        LOG.info("Fetching {} from {}", id, hub.endpoint());
        try (HubClient client = new HubClient(hub, id, cancellation)) {
            RemoteModel model = listing(client);
            Path blobs = Files.createDirectories(cache.folder(id).resolve("blobs"));
            List<RemoteFile> files = new ArrayList<>();
            for (String name : wanted.wanted(model.files()::containsKey)) {
                files.add(model.files().get(name));
            }
            if (wanted.isIndexed(model.files()::containsKey)) {
                files.addAll(shards(model, client, blobs));
            }
            Map<RemoteFile, Path> fetched = fetch(files, model, client, blobs);
            SnapshotFolder snapshot = new SnapshotFolder(cache.folder(id), model.commit());
            for (Map.Entry<RemoteFile, Path> entry : fetched.entrySet()) {
                snapshot.place(entry.getKey(), entry.getValue());
            }
            snapshot.refer(id.revision());
            LOG.info(
                    "{} is complete: {} in {} s",
                    id,
                    ByteCount.text(total(files)),
                    (System.nanoTime() - begin) / 1_000_000_000);
            return snapshot.path();
        }
    }

    private RemoteModel listing(HubClient client) throws InterruptedException {
        RemoteModel model;
        try {
            model = retries.run("The list of files of " + id, () -> 0, cancellation, client::listing);
        } catch (IOException e) {
            throw hub.failure(
                    id, e.getMessage() + ". Check the network and the address of the hub, or try again later", e);
        }
        List<String> lacking = wanted.lacking(model.files()::containsKey);
        if (!lacking.isEmpty()) {
            throw hub.failure(
                    id,
                    "it has no " + String.join(", ", lacking) + ". " + wanted.advice() + ", see " + hub.page(id),
                    null);
        }
        return model;
    }

    /** The files that the index names, which is fetched for it. */
    private List<RemoteFile> shards(RemoteModel model, HubClient client, Path blobs)
            throws IOException, InterruptedException {
        RemoteFile index = model.files().get(ModelFiles.INDEX);
        Path blob = fetch(List.of(index), model, client, blobs).get(index);
        List<RemoteFile> shards = new ArrayList<>();
        try {
            for (String name : ModelFiles.shards(blob)) {
                if (!model.files().containsKey(name)) {
                    throw new IOException(ModelFiles.INDEX + " names " + name + ", which is not there");
                }
                shards.add(model.files().get(name));
            }
        } catch (IOException e) {
            throw hub.failure(
                    id, "it is damaged: " + e.getMessage() + ". Take another revision, see " + hub.page(id), e);
        }
        return shards;
    }

    private Map<RemoteFile, Path> fetch(List<RemoteFile> files, RemoteModel model, HubClient client, Path blobs)
            throws IOException, InterruptedException {
        long missing = requireSpace(files, blobs);
        long total = total(files);
        DownloadProgress progress = new DownloadProgress(total, total - missing);
        ExecutorService workers = Executors.newFixedThreadPool(FILES_AT_ONCE, task -> {
            Thread thread = new Thread(task, "vlm-model-download");
            thread.setDaemon(true);
            return thread;
        });
        try {
            CompletionService<Void> done = new ExecutorCompletionService<>(workers);
            List<RemoteFile> distinct = distinct(files);
            for (RemoteFile file : distinct) {
                done.submit(() -> fetch(file, model, client, new BlobDownload(file, blobs, progress)));
            }
            await(done, distinct.size(), progress);
            Map<RemoteFile, Path> fetched = new LinkedHashMap<>();
            files.forEach(file -> fetched.put(file, blobs.resolve(file.hash().hex())));
            return fetched;
        } finally {
            workers.shutdownNow();
            // An interrupted thread writes no more, so that none does after the lock is released.
            workers.awaitTermination(5, TimeUnit.SECONDS);
        }
    }

    private Void fetch(RemoteFile file, RemoteModel model, HubClient client, BlobDownload download)
            throws InterruptedException {
        try {
            download.fetch(hub, id, model, client, retries, cancellation);
            return null;
        } catch (IOException e) {
            throw hub.failure(
                    id,
                    file.name() + " does not arrive: " + e.getMessage()
                            + ". Try again later, it goes on where it was; or fetch it from a mirror (HF_ENDPOINT)",
                    e);
        }
    }

    private void await(CompletionService<Void> done, int files, DownloadProgress progress) throws InterruptedException {
        ProgressDisplay display = ProgressDisplay.ofThisProcess();
        try {
            for (int left = files; left > 0; ) {
                Future<Void> one = done.poll(display.interval().toMillis(), TimeUnit.MILLISECONDS);
                if (one == null) {
                    display.show(id, progress);
                } else {
                    one.get();
                    left--;
                }
            }
        } catch (InterruptedException e) {
            cancellation.cancel();
            throw e;
        } catch (ExecutionException e) {
            // One cannot be had, so that the others are of no use.
            cancellation.cancel();
            throw e.getCause() instanceof ModelDownloadException failure
                    ? failure
                    : hub.failure(id, "an unexpected error came up; see its cause", e.getCause());
        } finally {
            display.end(id, progress);
        }
    }

    private long requireSpace(List<RemoteFile> files, Path blobs) throws IOException {
        long missing = 0;
        for (RemoteFile file : distinct(files)) {
            missing = sum(missing, new BlobDownload(file, blobs, new DownloadProgress(0, 0)).missing());
        }
        long free = freeSpace.of(blobs);
        if (missing > free) {
            throw hub.failure(
                    id,
                    "it needs " + ByteCount.text(missing) + " in " + cache.root() + ", where "
                            + ByteCount.text(free) + " are free: " + ByteCount.text(missing - free)
                            + " are missing. Free them, or set HF_HUB_CACHE to a folder on a larger disk",
                    null);
        }
        return missing;
    }

    private static long total(List<RemoteFile> files) {
        return distinct(files).stream().mapToLong(RemoteFile::size).reduce(0, ModelDownload::sum);
    }

    /** Of sizes that only the hub's word stands for. */
    private static long sum(long a, long b) {
        return a > Long.MAX_VALUE - b ? Long.MAX_VALUE : a + b;
    }

    /** Files of the same bytes are one blob. */
    private static List<RemoteFile> distinct(List<RemoteFile> files) {
        Map<BlobHash, RemoteFile> distinct = new LinkedHashMap<>();
        files.forEach(file -> distinct.putIfAbsent(file.hash(), file));
        return List.copyOf(distinct.values());
    }
}
