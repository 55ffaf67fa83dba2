package io.github.camelvlm.hub;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds the directory of a model on this machine. Nothing is fetched; {@link ModelHub} does that. */
public final class ModelDirectory {
    private ModelDirectory() {}

    /**
     * Finds a model, with the variables of this process.
     *
     * @throws ModelNotFoundException if it is not on this machine
     * @see #locate(String, Map)
     */
    public static Path locate(String model) {
        return locate(model, System.getenv());
    }

    /**
     * Finds a model.
     *
     * @param model a directory, in which a leading {@code ~/} is the home of the user; or a name on the Hugging Face Hub
     *     such as {@code Qwen/Qwen2-VL-2B-Instruct}, to which {@code @} and a branch, tag or commit may be added. A
     *     directory goes first.
     * @param environment the variables that say where the local cache of the Hub is: {@code HF_HUB_CACHE}, else
     *     {@code HF_HOME}, else {@code XDG_CACHE_HOME}, else {@code HOME}
     * @return an existing directory, absolute
     * @throws ModelNotFoundException if the model is not on this machine
     */
    public static Path locate(String model, Map<String, String> environment) {
        Optional<Path> named = named(model, ModelFiles.MODEL, environment);
        if (named.isPresent()) {
            return named.get();
        }
        ModelId id = id(model, ModelFiles.MODEL, environment);
        return cache(environment)
                .snapshot(id)
                .map(Path::toAbsolutePath)
                .orElseThrow(() -> notThere(model, id, ModelFiles.MODEL, environment));
    }

    /** Whether a name that is no directory's can be one on a hub. */
    public static boolean isId(String model) {
        return ModelId.parse(model).isPresent();
    }

    /**
     * The directory of this name, if there is one.
     *
     * @throws ModelNotFoundException if it is a file
     */
    static Optional<Path> named(String model, ModelFiles wanted, Map<String, String> environment) {
        Optional<Path> path = path(model, environment);
        if (path.filter(Files::exists).isPresent()
                && path.filter(Files::isDirectory).isEmpty()) {
            throw new ModelNotFoundException(
                    wanted.kind() + " " + model + " is a file: name the directory that holds it");
        }
        return path.filter(Files::isDirectory);
    }

    /** @throws ModelNotFoundException if it is not an id on a hub either */
    static ModelId id(String model, ModelFiles wanted, Map<String, String> environment) {
        return ModelId.parse(model)
                .orElseThrow(() -> new ModelNotFoundException(wanted.kind() + " " + model + " is not on this machine: "
                        + path(model, environment)
                                .map(place -> "there is no directory " + place)
                                .orElse("its name cannot be that of a directory")
                        + ", and its name cannot be one on the Hugging Face Hub, such as " + wanted.exampleId()));
    }

    static ModelNotFoundException notThere(
            String model, ModelId id, ModelFiles wanted, Map<String, String> environment) {
        return new ModelNotFoundException(wanted.kind() + " " + model + " is not on this machine: "
                + path(model, environment)
                        .map(place -> "there is no directory " + place + ", and ")
                        .orElse("")
                + "no revision " + id.revision() + " in the Hugging Face cache "
                + cache(environment).folder(id) + ". " + mend(id));
    }

    static ModelNotFoundException incomplete(ModelId id, ModelFiles wanted, Path snapshot, List<String> lacking) {
        return new ModelNotFoundException(wanted.kind() + " " + id + " is not complete: " + snapshot + " lacks "
                + String.join(", ", lacking) + ". " + mend(id));
    }

    private static String mend(ModelId id) {
        String revision = id.revision().equals(ModelId.DEFAULT_REVISION) ? "" : " --revision " + id.revision();
        return "Allow the download (download=true, no HF_HUB_OFFLINE), fetch it with \"hf download " + id.repository()
                + revision
                + "\" (before huggingface_hub 1.0: huggingface-cli download), or name the directory that holds it";
    }

    private static Optional<Path> path(String model, Map<String, String> environment) {
        // An empty path is the working directory, which no user means.
        if (model.isBlank()) {
            return Optional.empty();
        }
        try {
            return Optional.of(HomePath.of(model, environment).toAbsolutePath());
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }

    static HubCache cache(Map<String, String> environment) {
        try {
            return HubCache.of(environment);
        } catch (InvalidPathException e) {
            throw new ModelNotFoundException(
                    "the Hugging Face cache cannot be found: check HF_HUB_CACHE, HF_HOME and XDG_CACHE_HOME, one of which is \""
                            + e.getInput() + "\"",
                    e);
        }
    }
}
