package io.github.camelvlm.hub;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Gives the directories of models, fetching those that are not on this machine, until it is closed. */
public final class ModelHub implements AutoCloseable {
    private final Retries retries;
    private final ModelDownload.FreeSpace freeSpace;
    private final Set<ModelDownload> running = new HashSet<>();
    private boolean closed;

    public ModelHub() {
        this(Retries.USUAL, ModelHub::usableSpace);
    }

    ModelHub(Retries retries, ModelDownload.FreeSpace freeSpace) {
        this.retries = retries;
        this.freeSpace = freeSpace;
    }

    private static long usableSpace(Path folder) throws IOException {
        long space = Files.getFileStore(folder).getUsableSpace();
        // Very large file systems overflow.
        return space < 0 ? Long.MAX_VALUE : space;
    }

    /**
     * The directory of a model. A directory of that name comes first, then the local cache, then the hub; what the cache
     * holds whole is not compared with the hub any more.
     *
     * @param model as in {@link ModelDirectory#locate(String, java.util.Map)}
     * @return an existing directory that holds the files of the model, absolute
     * @throws ModelNotFoundException if it is not here and cannot be fetched, or may not
     * @throws DownloadCancelledException if the hub is closed meanwhile
     * @throws InterruptedException if this thread is; what has arrived is kept
     */
    public Path directory(String model, HubOptions options) throws InterruptedException {
        return directory(model, ModelFiles.MODEL, options);
    }

    /**
     * The directory of an adapter, found as that of a model is.
     *
     * @param adapter a directory, or a name on the hub
     * @return an existing directory, absolute
     * @throws ModelNotFoundException if it is not here and cannot be fetched, or may not
     * @throws DownloadCancelledException if the hub is closed meanwhile
     * @throws InterruptedException if this thread is; what has arrived is kept
     */
    public Path adapter(String adapter, HubOptions options) throws InterruptedException {
        return directory(adapter, ModelFiles.ADAPTER, options);
    }

    private Path directory(String model, ModelFiles wanted, HubOptions options) throws InterruptedException {
        Optional<Path> named = ModelDirectory.named(model, wanted, options.environment());
        if (named.isPresent()) {
            return named.get();
        }
        ModelId id = ModelDirectory.id(model, wanted, options.environment());
        HubCache cache = ModelDirectory.cache(options.environment());
        Optional<Path> snapshot = cache.snapshot(id);
        List<String> lacking = snapshot.map(wanted::lacking).orElse(List.of());
        if (snapshot.isPresent() && lacking.isEmpty()) {
            return snapshot.get().toAbsolutePath();
        }
        if (!options.download() || new HubEnvironment(options.environment()).isOffline()) {
            throw snapshot.isPresent()
                    ? ModelDirectory.incomplete(id, wanted, snapshot.get(), lacking)
                    : ModelDirectory.notThere(model, id, wanted, options.environment());
        }
        return download(new ModelDownload(options.site(), id, wanted, cache, retries, freeSpace))
                .toAbsolutePath();
    }

    private Path download(ModelDownload download) throws InterruptedException {
        synchronized (this) {
            if (closed) {
                throw new DownloadCancelledException();
            }
            running.add(download);
        }
        // Not by close(), which a context that is still starting cannot be given.
        Thread hook = new Thread(download::cancel, "vlm-model-download-stop");
        try {
            hook(hook);
            return download.run();
        } finally {
            unhook(hook);
            synchronized (this) {
                running.remove(download);
            }
        }
    }

    private static void hook(Thread hook) {
        try {
            Runtime.getRuntime().addShutdownHook(hook);
        } catch (IllegalStateException e) {
            throw new DownloadCancelledException();
        }
    }

    private static void unhook(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The JVM ends, and has run it.
        }
    }

    /** Breaks off what is being fetched. What has arrived is kept for the next time. */
    @Override
    public synchronized void close() {
        closed = true;
        running.forEach(ModelDownload::cancel);
    }
}
