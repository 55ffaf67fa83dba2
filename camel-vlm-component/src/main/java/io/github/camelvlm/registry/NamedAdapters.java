package io.github.camelvlm.registry;

import io.github.camelvlm.chat.ModelLoadException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The adapters that options name, each by its directory or its id on a hub. */
final class NamedAdapters {
    private NamedAdapters() {}

    /** Those that become a part of the model, in order: {@code mergeAdapter}. */
    static List<String> merged(EngineConfiguration configuration) {
        return parts(configuration.getMergeAdapter());
    }

    /**
     * Refuses an adapter that would count twice.
     *
     * @param merged the directories of those that become a part of the model
     * @throws ModelLoadException if two are the same
     */
    static void requireDistinct(List<Path> merged) {
        Set<Path> distinct = new HashSet<>();
        for (Path directory : merged) {
            if (!distinct.add(directory)) {
                throw new ModelLoadException("mergeAdapter names the adapter in " + directory
                        + " twice, so that it would count twice: name each one once, or for another strength change"
                        + " lora_alpha in its adapter_config.json");
            }
        }
    }

    /**
     * Those beside the model, by the names that requests give them: {@code adapters}.
     *
     * @throws ModelLoadException if one has no name, or the name of another
     */
    static Map<String, String> beside(EngineConfiguration configuration) {
        return named("adapters", configuration.getAdapters());
    }

    /**
     * What an option has names for.
     *
     * @param option the option's name
     * @param value {@code name=DIRECTORY}, several separated by commas; or null
     * @throws ModelLoadException if one has no name, or the name of another
     */
    static Map<String, String> named(String option, String value) {
        Map<String, String> directories = new LinkedHashMap<>();
        for (String part : parts(value)) {
            int equals = part.indexOf('=');
            String name = equals < 0 ? "" : part.substring(0, equals).strip();
            String directory = part.substring(equals + 1).strip();
            if (name.isEmpty() || directory.isEmpty()) {
                throw new ModelLoadException(
                        option + " must be name=DIRECTORY, several separated by commas, but one is " + part);
            }
            if (directories.put(name, directory) != null) {
                throw new ModelLoadException(
                        option + " has two of the name " + name + ": give each one a name of its own");
            }
        }
        return directories;
    }

    private static List<String> parts(String option) {
        return option == null
                ? List.of()
                : Arrays.stream(option.split(","))
                        .map(String::strip)
                        .filter(part -> !part.isEmpty())
                        .toList();
    }
}
