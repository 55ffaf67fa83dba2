package io.github.camelvlm.engine;

import com.sun.management.OperatingSystemMXBean;
import io.github.camelvlm.chat.ModelLoadException;
import io.github.camelvlm.model.Execution;
import io.github.camelvlm.torch.TorchRuntime;
import java.lang.management.ManagementFactory;

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
        long fitting = memory(options, execution) / bytesPerToken;
        int wanted = options.contextLength() > 0 ? options.contextLength() : maxContextLength;
        if (wanted > maxContextLength) {
            throw new ModelLoadException("contextLength is " + wanted + ", but the model in " + options.directory()
                    + " was made for at most " + maxContextLength + " tokens");
        }
        if (options.contextLength() > fitting || fitting < 1) {
            throw new ModelLoadException("contextLength is " + wanted + ", but the KV cache may hold " + fitting
                    + " tokens on " + execution.device() + ": lower it, or raise kvCacheBytes if the memory is there");
        }
        int context = (int) Math.min(wanted, fitting);
        return new MemoryPlan(context, (int) Math.min((long) context * options.maxSequences(), fitting));
    }

    private static long memory(EngineOptions options, Execution execution) {
        if (options.kvCacheBytes() > 0) {
            return options.kvCacheBytes();
        }
        if (execution.gpu().isPresent()) {
            return TorchRuntime.freeGpuMemory(execution.gpu().getAsInt()) / 5 * 4;
        }
        // The JVM reports a container's limit where there is one.
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize() / 4;
    }
}
