package io.github.camelvlm.hub;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The cache that Hugging Face's tools share on a machine.
 *
 * <p>A model lies in {@code models--ORGANIZATION--NAME}: {@code refs/REVISION} holds the commit that a branch or tag
 * stood for when it was fetched, {@code snapshots/COMMIT} the files.
 *
 * @param root the folder that holds those of the models
 */
record HubCache(Path root) {
    private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");

    /**
     * The cache that an environment names: {@code HF_HUB_CACHE}, else {@code HF_HOME/hub}, else
     * {@code XDG_CACHE_HOME/huggingface/hub}, else {@code ~/.cache/huggingface/hub}. An empty variable counts as unset.
     *
     * @throws java.nio.file.InvalidPathException if a variable holds what cannot be a path
     */
    static HubCache of(Map<String, String> environment) {
        if (isSet(environment, "HF_HUB_CACHE")) {
            return new HubCache(HomePath.of(environment.get("HF_HUB_CACHE"), environment));
        }
        if (isSet(environment, "HF_HOME")) {
            return new HubCache(
                    HomePath.of(environment.get("HF_HOME"), environment).resolve("hub"));
        }
        Path caches = isSet(environment, "XDG_CACHE_HOME")
                ? HomePath.of(environment.get("XDG_CACHE_HOME"), environment)
                : HomePath.of("~/.cache", environment);
        return new HubCache(caches.resolve("huggingface/hub"));
    }

    private static boolean isSet(Map<String, String> environment, String variable) {
        return !environment.getOrDefault(variable, "").isBlank();
    }

    /** The folder of a model, whether or not it is there. */
    Path folder(ModelId id) {
        return root.resolve(id.cacheFolder());
    }

    /**
     * The files of a model.
     *
     * @return empty if its revision was not fetched
     * @throws ModelNotFoundException if the cache holds something of it, but is damaged
     */
    Optional<Path> snapshot(ModelId id) {
        Path folder = folder(id);
        Path reference = folder.resolve("refs").resolve(id.revision());
        String commit = Files.isRegularFile(reference) ? commit(reference, id) : id.revision();
        if (!COMMIT.matcher(commit).matches()) {
            return Optional.empty();
        }
        return Optional.of(folder.resolve("snapshots").resolve(commit)).filter(Files::isDirectory);
    }

    private static String commit(Path reference, ModelId id) {
        String content;
        try (InputStream in = Files.newInputStream(reference)) {
            content = new String(in.readNBytes(100), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            throw new ModelNotFoundException(
                    "model " + id.repository() + " cannot be read: " + reference + " must be readable, but is not", e);
        }
        if (!COMMIT.matcher(content).matches()) {
            throw new ModelNotFoundException("model " + id.repository() + " is damaged: " + reference
                    + " must hold the 40 digits of a commit; delete the file and fetch the model again");
        }
        return content;
    }
}
