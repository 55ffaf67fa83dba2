package io.github.camelvlm.engine;

import com.sun.management.OperatingSystemMXBean;
import io.github.camelvlm.model.Execution;
import io.github.camelvlm.torch.TorchRuntime;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** How much memory devices have, in bytes. */
public final class DeviceMemory {
    private static final Path MACHINE = Path.of("/proc/meminfo");
    private static final Path PROCESS = Path.of("/proc/self/status");

    private DeviceMemory() {}

    /**
     * What is free of it; of a machine without what the JVM's heap may still take.
     *
     * @param device libtorch's name of it
     */
    public static long free(String device) {
        OptionalLong gpu =
                gpu(device).stream().mapToLong(TorchRuntime::freeGpuMemory).findFirst();
        return gpu.isPresent() ? gpu.getAsLong() : Math.max(0, freeOfMachine() - heapToCome());
    }

    /**
     * All of it; of a machine what a container may take of it.
     *
     * @param device libtorch's name of it
     */
    static long total(String device) {
        OptionalLong gpu =
                gpu(device).stream().mapToLong(TorchRuntime::gpuMemory).findFirst();
        return gpu.isPresent() ? gpu.getAsLong() : machine().getTotalMemorySize();
    }

    private static OptionalInt gpu(String device) {
        return Execution.gpu(device);
    }

    private static OperatingSystemMXBean machine() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    }

    private static long heapToCome() {
        Runtime runtime = Runtime.getRuntime();
        return runtime.maxMemory() - runtime.totalMemory();
    }

    /** Pages of files count as free: the system takes them back, and the weights of models are among them. */
    private static long freeOfMachine() {
        // The JVM reports a container's limit where there is one, in which this process is alone, as a rule.
        long limit = machine().getTotalMemorySize();
        long withinLimit = kilobytes(PROCESS, "RssAnon:").stream()
                .map(own -> limit - own)
                .findFirst()
                .orElse(limit);
        return Math.min(
                withinLimit,
                kilobytes(MACHINE, "MemAvailable:").orElseGet(() -> machine().getFreeMemorySize()));
    }

    /** A number of a file of Linux's, in bytes; empty elsewhere. */
    private static OptionalLong kilobytes(Path file, String name) {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.filter(line -> line.startsWith(name))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
                    .findFirst();
        } catch (IOException e) {
            return OptionalLong.empty();
        }
    }
}
