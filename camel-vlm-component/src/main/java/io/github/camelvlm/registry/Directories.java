package io.github.camelvlm.registry;

import io.github.camelvlm.chat.EngineUnavailableException;
import io.github.camelvlm.chat.ModelLoadException;
import io.github.camelvlm.hub.DownloadCancelledException;
import io.github.camelvlm.hub.ModelDirectory;
import io.github.camelvlm.hub.ModelNotFoundException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** Finds the directories of models and adapters. */
final class Directories {
    /** Those that are on this machine; nothing is downloaded. */
    static final Directories HERE = new Directories(ModelDirectory::locate, ModelDirectory::locate);

    /** Finds a directory by what options call it. */
    interface Finder {
        Path find(String name) throws InterruptedException;
    }

    private final Finder models;
    private final Finder adapters;

    Directories(Finder models, Finder adapters) {
        this.models = models;
        this.adapters = adapters;
    }

    /**
     * The directory of a model.
     *
     * @throws ModelLoadException if there is none
     * @throws EngineUnavailableException if the context stops before it is downloaded
     */
    Path model(String name) {
        return directory("model", name, models);
    }

    /**
     * The directory of an adapter.
     *
     * @throws ModelLoadException if there is none
     * @throws EngineUnavailableException if the context stops before it is downloaded
     */
    Path adapter(String name) {
        return directory("adapter", name, adapters);
    }

    /** Those of several adapters, as {@link #adapter} finds them. */
    Map<String, Path> adapters(Map<String, String> named) {
        Map<String, Path> directories = new LinkedHashMap<>();
        named.forEach((name, adapter) -> directories.put(name, adapter(adapter)));
        return directories;
    }

    private static Path directory(String kind, String name, Finder finder) {
        try {
            // One directory has one engine, by whatever way it is named.
            return finder.find(name).toRealPath();
        } catch (DownloadCancelledException e) {
            throw new EngineUnavailableException("The Camel context stops: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EngineUnavailableException("The " + kind + " is not loaded: its thread was interrupted", e);
        } catch (ModelNotFoundException | IOException e) {
            throw new ModelLoadException("The " + kind + " cannot be loaded: " + e.getMessage(), e);
        }
    }
}
