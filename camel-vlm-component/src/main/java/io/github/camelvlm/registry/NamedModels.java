package io.github.camelvlm.registry;

import io.github.camelvlm.chat.ModelLoadException;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The models that options name, each by its directory or its id on a hub.
 *
 * @param directories those of the models, by their names
 * @param adapters those of all adapters, by theirs
 * @param first the model that answers requests which choose none
 */
record NamedModels(Map<String, String> directories, Map<String, String> adapters, String first) {

    /** Whether there are several, as {@code models} names them; otherwise there is the one that {@code model} names. */
    static boolean areIn(EngineConfiguration configuration) {
        return configuration.getModels() != null && !configuration.getModels().isBlank();
    }

    /**
     * Those of a configuration that has several.
     *
     * @throws ModelLoadException if it names them not as it must, or asks for what several models cannot have
     */
    static NamedModels of(EngineConfiguration configuration) {
        Map<String, String> directories = NamedAdapters.named("models", configuration.getModels());
        Map<String, String> adapters = NamedAdapters.beside(configuration);
        if (directories.isEmpty()) {
            throw new ModelLoadException("models names none: write name=DIRECTORY, several separated by commas");
        }
        if (!configuration.getEngine().equals("local")) {
            throw new ModelLoadException("models are of this process, but the option engine is "
                    + configuration.getEngine() + ": set engine=local, or model to the one that the servers have");
        }
        if (!NamedAdapters.merged(configuration).isEmpty()) {
            throw new ModelLoadException("mergeAdapter cannot say of which of the models it becomes a part: name it in"
                    + " adapters, or set model instead of models");
        }
        adapters.keySet().stream().filter(directories::containsKey).findFirst().ifPresent(name -> {
            throw new ModelLoadException(
                    "adapters has the name " + name + ", which a model has too: give the adapter another");
        });
        String model = configuration.getModel();
        String first = model == null || model.isBlank()
                ? directories.keySet().iterator().next()
                : model.strip();
        if (!directories.containsKey(first)) {
            throw new ModelLoadException("model=" + first + " names none of the models: set it to one of "
                    + String.join(", ", directories.keySet()) + ", or leave it out");
        }
        return new NamedModels(directories, adapters, first);
    }

    /** The adapters of a model: those whose names begin with its own and a slash, and of the one named first all that name none. */
    Map<String, String> adaptersOf(String model) {
        Map<String, String> own = new LinkedHashMap<>();
        adapters.forEach((name, directory) -> {
            if (modelOf(name).equals(model)) {
                own.put(name, directory);
            }
        });
        return own;
    }

    /** The longest name: that of a model may begin with another model's and a slash, as those of a hub's organizations do. */
    private String modelOf(String adapter) {
        return directories.keySet().stream()
                .filter(model -> adapter.startsWith(model + "/"))
                .max(Comparator.comparingInt(String::length))
                .orElseGet(() -> directories.keySet().iterator().next());
    }
}
