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
     * The cache that an environment names.
     *
     * @throws java.nio.file.InvalidPathException if a variable holds what cannot be a path
     * @see HubEnvironment#cache
     */
    static HubCache of(Map<String, String> environment) {
        return new HubCache(new HubEnvironment(environment).cache());
    }

    /** Whether a text is the name of a commit, and so can be that of a folder. */
    static boolean isCommit(String text) {
        return COMMIT.matcher(text).matches();
    }

    /** What a download of a model locks, among the locks of huggingface_hub. */
    Path lock(ModelId id) {
        return root.resolve(".locks").resolve(id.cacheFolder()).resolve("camel-vlm.lock");
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
        if (!isCommit(commit)) {
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
        if (!isCommit(content)) {
            throw new ModelNotFoundException("model " + id.repository() + " is damaged: " + reference
                    + " must hold the 40 digits of a commit; delete the file and fetch the model again");
        }
        return content;
    }
}
