package io.github.camelvlm.registry;

import io.github.camelvlm.chat.ModelLoadException;
import io.github.camelvlm.engine.DeviceMemory;
import io.github.camelvlm.engine.EngineOptions;
import io.github.camelvlm.fleet.Fleet;
import io.github.camelvlm.fleet.RoomOptions;
import io.github.camelvlm.hub.ModelDirectory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Several models in this JVM, as a configuration names them. */
final class Fleets {

    /** What tells fleets from each other. */
    record Key(Map<String, String> models, Map<String, String> adapters, String hub, String device, String dtype) {}

    /**
     * The settings that a fleet is made with.
     *
     * @param engines what all its engines have in common
     */
    record Options(EngineOptions engines, RoomOptions room) {}

    private Fleets() {}

    static Key key(EngineConfiguration configuration, NamedModels named) {
        return new Key(
                named.directories(),
                named.adapters(),
                configuration.getHub(),
                configuration.getDevice(),
                configuration.getDtype());
    }

    /** @throws IllegalArgumentException if an option is out of its range */
    static Options options(EngineConfiguration configuration) {
        return new Options(
                configuration.local(Path.of(""), List.of(), Map.of(), ""),
                new RoomOptions(
                        configuration.getModelLoading(),
                        Duration.ofMillis(configuration.getModelIdle()),
                        configuration.getModelMemory(),
                        configuration.getMaxSequences() + configuration.getQueueLength()));
    }

    /**
     * Lets two endpoints share a fleet only if they want the same.
     *
     * @throws ModelLoadException if they differ; it names the options, and the values of each
     */
    static void refuseDifference(NamedModels named, Options loaded, Options asked) {
        String what = "the models " + String.join(", ", named.directories().keySet());
        OptionDifference.refuse(what, loaded.engines(), asked.engines());
        OptionDifference.refuse(what, loaded.room(), asked.room());
    }

    /**
     * Makes a fleet.
     *
     * @param fetched finds directories, and downloads what is not on this machine
     * @throws ModelLoadException if a model cannot be loaded, as far as that shows now
     * @throws IllegalArgumentException if a model takes more memory than the options allow
     */
    static Fleet load(EngineConfiguration configuration, NamedModels named, Options options, Directories fetched) {
        List<LocalSource> sources = named.directories().entrySet().stream()
                .map(model -> source(configuration, named, model.getKey(), model.getValue(), fetched))
                .toList();
        return Fleet.open(options.room(), DeviceMemory::free, sources);
    }

    private static LocalSource source(
            EngineConfiguration configuration, NamedModels named, String name, String directory, Directories fetched) {
        Map<String, String> adapters = named.adaptersOf(name);
        return new LocalSource(
                name,
                named.directories().size(),
                adapters,
                directories -> configuration.local(
                        directories.model(directory), List.of(), directories.adapters(adapters), name),
                fetched,
                configuration.isDownload() && ModelDirectory.isId(directory));
    }
}
