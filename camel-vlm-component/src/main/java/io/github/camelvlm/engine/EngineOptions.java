package io.github.camelvlm.engine;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What an engine is made of and how much it takes on.
 *
 * @param directory the model directory
 * @param mergedAdapters the directories of the adapters that become a part of the model, in order
 * @param adapters the directories of those that requests choose, by the names that they give them
 * @param name the name that answers report
 * @param device {@code auto}, {@code cpu}, {@code cuda} or {@code cuda:N}
 * @param dtype {@code auto}, {@code float32}, {@code bfloat16} or {@code float16}
 * @param quantization {@code none}, {@code int8} or {@code int4}
 * @param packWeights whether a CPU's matrices may be copied into the order that its kernels read fastest
 * @param nativeKernels whether a CPU's products may be computed by the project's own kernels
 * @param threads the CPU threads that share one operator's work; 0 for all processors that the JVM sees
 * @param contextLength the most tokens of prompt and answer together; 0 for as many as the model was made for
 * @param maxSequences the most requests answered at once
 * @param queueLength the most requests that wait beyond those
 * @param kvCacheBytes the most memory for keys and values; 0 for a share of what the machine has
 * @param maxPause how long answers that run may pause for a newcomer's pictures and prompt
 * @param maxImagePixels the most pixels that a picture may declare before it is decoded
 * @param speculation {@code auto} if tokens that are likely to come may be computed along with others, or {@code off}
 */
public record EngineOptions(
        Path directory,
        List<Path> mergedAdapters,
        Map<String, Path> adapters,
        String name,
        String device,
        String dtype,
        String quantization,
        boolean packWeights,
        boolean nativeKernels,
        int threads,
        int contextLength,
        int maxSequences,
        int queueLength,
        long kvCacheBytes,
        Duration maxPause,
        long maxImagePixels,
        String speculation) {

    /** @throws IllegalArgumentException if a number is out of its range */
    public EngineOptions {
        mergedAdapters = List.copyOf(mergedAdapters);
        adapters = Collections.unmodifiableMap(new LinkedHashMap<>(adapters));
        require("threads", threads, 0);
        require("contextLength", contextLength, 0);
        require("maxSequences", maxSequences, 1);
        require("queueLength", queueLength, 0);
        require("kvCacheBytes", kvCacheBytes, 0);
        if (maxPause.isNegative() || maxPause.isZero()) {
            throw new IllegalArgumentException("maxPause must be above 0, but is " + maxPause.toMillis() + " ms");
        }
        require("maxImagePixels", maxImagePixels, 1);
        if (!List.of("auto", "off").contains(speculation)) {
            throw new IllegalArgumentException("speculation must be auto or off, but is " + speculation);
        }
    }

    /**
     * The same with the type that is computed in decided, as engines must that are to answer alike: what {@code auto} takes is
     * measured, and may come out in another way the next time.
     *
     * @throws io.github.camelvlm.chat.ModelLoadException if the device or the type is at fault
     */
    public EngineOptions decided() {
        return withDtype(ExecutionChoice.of(this).dtype().torchName());
    }

    /** The same with another type to compute in. */
    public EngineOptions withDtype(String other) {
        return new EngineOptions(
                directory,
                mergedAdapters,
                adapters,
                name,
                device,
                other,
                quantization,
                packWeights,
                nativeKernels,
                threads,
                contextLength,
                maxSequences,
                queueLength,
                kvCacheBytes,
                maxPause,
                maxImagePixels,
                speculation);
    }

    /**
     * The same for one of several engines that share a device and the CPUs.
     *
     * @param place the device, as the option names it
     * @param engines how many engines share its memory; they are thought to be of the same needs
     * @param threadsShared how many of them compute at a time on the CPUs, each on its part of the threads
     */
    public EngineOptions sharing(String place, int engines, int threadsShared) {
        return new EngineOptions(
                directory,
                mergedAdapters,
                adapters,
                name,
                place,
                dtype,
                quantization,
                packWeights,
                nativeKernels,
                threads == 0 && threadsShared > 1
                        ? Math.max(1, Runtime.getRuntime().availableProcessors() / threadsShared)
                        : threads,
                contextLength,
                maxSequences,
                queueLength,
                kvCacheBytes == 0 && engines > 1
                        ? MemoryPlan.part(ExecutionChoice.device(place), engines)
                        : kvCacheBytes,
                maxPause,
                maxImagePixels,
                speculation);
    }

    private static void require(String option, long value, long least) {
        if (value < least) {
            throw new IllegalArgumentException(option + " must be at least " + least + ", but is " + value);
        }
    }
}
