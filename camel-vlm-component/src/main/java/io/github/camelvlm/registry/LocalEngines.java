package io.github.camelvlm.registry;

import io.github.camelvlm.chat.VlmEngine;
import io.github.camelvlm.engine.Devices;
import io.github.camelvlm.engine.EngineOptions;
import io.github.camelvlm.engine.LocalEngine;
import io.github.camelvlm.fleet.ReplicatedEngine;
import java.util.Collections;
import java.util.List;
import java.util.function.Supplier;

/** Loads models in this JVM: one engine each, or one on each of several devices. */
final class LocalEngines {
    private static final String CPU = "cpu";

    private LocalEngines() {}

    /**
     * Loads a model.
     *
     * @param models how many models share the devices' memory
     * @throws io.github.camelvlm.chat.ModelLoadException if its directory, its files or a device are at fault
     */
    static VlmEngine load(EngineOptions options, int models) {
        List<EngineOptions> replicas = replicas(options, models);
        return replicas.size() == 1
                ? LocalEngine.load(replicas.get(0))
                : ReplicatedEngine.load(replicas.stream()
                        .<Supplier<VlmEngine>>map(replica -> () -> LocalEngine.load(replica))
                        .toList());
    }

    /** The options of each engine of a model. */
    static List<EngineOptions> replicas(EngineOptions options, int models) {
        List<String> devices = Devices.of(options.device());
        return devices.stream()
                .map(device -> {
                    int here = Collections.frequency(devices, device);
                    return options.sharing(device, models * here, device.equals(CPU) ? here : 1);
                })
                .toList();
    }
}
