package io.github.camelvlm.engine;

import io.github.camelvlm.chat.ModelLoadException;
import io.github.camelvlm.model.Execution;
import io.github.camelvlm.model.ModelFootprint;

/**
 * How long contexts may be and how many tokens the KV cache holds: as many as all sequences at once can need, but no more
 * than fit into what the options allow, by default a quarter of the machine's memory, or four fifths of what a GPU has left
 * beside the weights.
 *
 * @param contextLength the most tokens of one sequence
 * @param cacheTokens the tokens of all sequences; at least one context
 */
record MemoryPlan(int contextLength, int cacheTokens) {

    /**
     * @param maxContextLength the longest context that the model was made for
     * @param bytesPerToken what a token's keys and values take
     * @throws ModelLoadException if the context asked for is longer than the model's or than memory allows
     */
    static MemoryPlan of(EngineOptions options, int maxContextLength, long bytesPerToken, Execution execution) {
        return of(options, maxContextLength, memory(options, execution, 0) / bytesPerToken, execution.device());
    }

    /**
     * The same of a model whose weights are not on the device yet.
     *
     * @throws ModelLoadException as the other one
     */
    static MemoryPlan foreseen(EngineOptions options, ModelFootprint footprint, Execution execution) {
        long fitting = memory(options, execution, footprint.weightBytes()) / footprint.cacheBytesPerToken();
        boolean isOfWhatIsFree = options.kvCacheBytes() == 0 && execution.gpu().isPresent();
        return of(
                options,
                footprint.maxContextLength(),
                // A GPU that is full at present may have been left by another model when this one comes.
                isOfWhatIsFree ? Math.max(1, fitting) : fitting,
                execution.device());
    }

    private static MemoryPlan of(EngineOptions options, int maxContextLength, long fitting, String device) {
        int wanted = options.contextLength() > 0 ? options.contextLength() : maxContextLength;
        if (wanted > maxContextLength) {
            throw new ModelLoadException("contextLength is " + wanted + ", but the model in " + options.directory()
                    + " was made for at most " + maxContextLength + " tokens");
        }
        if (options.contextLength() > fitting || fitting < 1) {
            throw new ModelLoadException("contextLength is " + wanted + ", but the KV cache may hold " + fitting
                    + " tokens on " + device + ": lower it, or raise kvCacheBytes if the memory is there");
        }
        int context = (int) Math.min(wanted, fitting);
        return new MemoryPlan(context, (int) Math.min((long) context * options.maxSequences(), fitting));
    }

    private static long memory(EngineOptions options, Execution execution, long weights) {
        if (options.kvCacheBytes() > 0) {
            return options.kvCacheBytes();
        }
        if (execution.gpu().isPresent()) {
            return (DeviceMemory.free(execution.device()) - weights) / 5 * 4;
        }
        return DeviceMemory.total(execution.device()) / 4;
    }

    /**
     * The most that the keys and values of one of several engines take, which come and go on one device, where the options do
     * not say it.
     *
     * @param engines how many there are
     * @return bytes
     */
    static long part(String device, int engines) {
        long total = DeviceMemory.total(device);
        return (device.equals(Execution.CPU) ? total / 4 : total / 5 * 4) / engines;
    }
}
