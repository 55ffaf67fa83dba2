package io.github.camelvlm.engine;

import com.sun.management.OperatingSystemMXBean;
import io.github.camelvlm.chat.ModelLoadException;
import io.github.camelvlm.qwen.QwenConfig;
import io.github.camelvlm.torch.Dtype;
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

    /** @throws ModelLoadException if the context asked for is longer than the model's or than memory allows */
    static MemoryPlan of(EngineOptions options, QwenConfig.Text text, Placement placement) {
        long fitting = memory(options, placement) / bytesPerToken(text, placement.dtype());
        int wanted = options.contextLength() > 0 ? options.contextLength() : text.maxPositions();
        if (wanted > text.maxPositions()) {
            throw new ModelLoadException("contextLength is " + wanted + ", but the model in " + options.directory()
                    + " was made for at most " + text.maxPositions() + " tokens");
        }
        if (options.contextLength() > fitting || fitting < 1) {
            throw new ModelLoadException("contextLength is " + wanted + ", but the KV cache may hold " + fitting
                    + " tokens on " + placement.device() + ": lower it, or raise kvCacheBytes if the memory is there");
        }
        int context = (int) Math.min(wanted, fitting);
        return new MemoryPlan(context, (int) Math.min((long) context * options.maxSequences(), fitting));
    }

    private static long memory(EngineOptions options, Placement placement) {
        if (options.kvCacheBytes() > 0) {
            return options.kvCacheBytes();
        }
        if (placement.gpu().isPresent()) {
            return TorchRuntime.freeGpuMemory(placement.gpu().getAsInt()) / 5 * 4;
        }
        // The JVM reports a container's limit where there is one.
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize() / 4;
    }

    /** Keys and values of every layer. */
    private static long bytesPerToken(QwenConfig.Text text, Dtype dtype) {
        return 2L * text.layers() * text.kvHeads() * text.headDim() * dtype.bytes();
    }
}
