package io.github.camelvlm.engine;

import io.github.camelvlm.chat.ModelLoadException;
import io.github.camelvlm.torch.TorchRuntime;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** The devices that the option {@code device} names. */
public final class Devices {
    private static final String ALL_GPUS = "cuda:all";

    private Devices() {}

    /**
     * The devices, one for each replica of a model, as {@link EngineOptions#device} takes them.
     *
     * @param option several separated by commas; {@code cuda:all} stands for every GPU
     * @return at least one
     * @throws ModelLoadException if there is none, an empty one, or {@code auto} among several
     */
    public static List<String> of(String option) {
        if (option.strip().equals(ALL_GPUS)) {
            int gpus = TorchRuntime.gpuCount();
            if (gpus == 0) {
                throw ExecutionChoice.notThere(ALL_GPUS, 0);
            }
            return IntStream.range(0, gpus).mapToObj(gpu -> "cuda:" + gpu).toList();
        }
        List<String> devices =
                Arrays.stream(option.split(",", -1)).map(String::strip).toList();
        if (devices.size() > 1 && (devices.contains("auto") || devices.contains(ALL_GPUS) || devices.contains(""))) {
            throw new ModelLoadException(
                    "device must be one device, or several such as cuda:0,cuda:1 or cpu,cpu, but" + " is " + option);
        }
        return devices;
    }
}
