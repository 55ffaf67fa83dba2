package io.github.camelvlm.registry;

import io.github.camelvlm.chat.ModelLoadException;
import io.github.camelvlm.chat.VlmEngine;
import io.github.camelvlm.engine.Devices;
import io.github.camelvlm.engine.EngineOptions;
import io.github.camelvlm.engine.LocalEngine;
import io.github.camelvlm.fleet.ReplicatedEngine;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.function.Supplier;

/** Loads models in this JVM: one engine each, or one on each of several devices. */
final class LocalEngines {
    private static final String CPU = "cpu";

    private LocalEngines() {}

    /**
     * The options of the one model that a configuration names.
     *
     * @throws ModelLoadException if it names none, or one or an adapter that is not found, or an adapter twice
     */
    static EngineOptions options(EngineConfiguration configuration, Directories directories) {
        String model = configuration.getModel();
        if (model == null || model.isBlank()) {
            throw new ModelLoadException("No model is named: add model=DIRECTORY to the vlm: endpoint, or set"
                    + " camel.component.vlm.configuration.model");
        }
        Path directory = directories.model(model);
        List<Path> merged = NamedAdapters.merged(configuration).stream()
                .map(directories::adapter)
                .toList();
        NamedAdapters.requireDistinct(merged);
        return configuration.local(
                directory, merged, directories.adapters(NamedAdapters.beside(configuration)), name(model, directory));
    }

    /** A directory's own name; in the Hugging Face cache that would be a commit, so there it is the id. */
    private static String name(String model, Path directory) {
        boolean snapshot =
                directory.getParent() != null && directory.getParent().endsWith("snapshots");
        return snapshot ? model : String.valueOf(directory.getFileName());
    }

    /**
     * Loads a model.
     *
     * @param models how many models share the devices' memory
     * @throws ModelLoadException if its directory, its files or a device are at fault
     */
    static VlmEngine load(EngineOptions options, int models) {
        List<EngineOptions> replicas = replicas(options, models);
        return replicas.size() == 1
                ? LocalEngine.load(replicas.get(0))
                : ReplicatedEngine.load(replicas.stream()
                        .<Supplier<VlmEngine>>map(replica -> () -> LocalEngine.load(replica))
                        .toList());
    }

    /** The options of each engine of a model; all compute in one type. */
    static List<EngineOptions> replicas(EngineOptions options, int models) {
        List<String> devices = Devices.of(options.device());
        List<EngineOptions> replicas = devices.stream()
                .map(device -> {
                    int here = Collections.frequency(devices, device);
                    return options.sharing(device, models * here, device.equals(CPU) ? here : 1);
                })
                .toList();
        if (replicas.size() == 1) {
            return replicas;
        }
        String dtype = replicas.get(0).decided().dtype();
        return replicas.stream().map(replica -> replica.withDtype(dtype)).toList();
    }
}
