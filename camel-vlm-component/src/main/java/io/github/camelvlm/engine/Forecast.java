package io.github.camelvlm.engine;

import io.github.camelvlm.chat.AnswerFormat;
import io.github.camelvlm.chat.ModelInfo;
import io.github.camelvlm.constraint.AnswerGrammars;
import io.github.camelvlm.model.AdapterDirectories;
import io.github.camelvlm.model.Execution;
import io.github.camelvlm.model.ModelFamilies;
import io.github.camelvlm.model.ModelFootprint;
import java.time.Instant;

/**
 * What an engine will be that is not loaded yet.
 *
 * @param device libtorch's name of where it will run
 * @param bytes the memory of that which it will take, about: weights, keys and values
 * @param info what it will tell of itself
 */
public record Forecast(String device, long bytes, ModelInfo info) {
    /** What steps compute with, and the small things. */
    private static final long WORK = 20;

    /**
     * Refuses a form that no engine here can hold answers to.
     *
     * @throws io.github.camelvlm.chat.InvalidRequestException if it asks for something that is not served, or is too large
     */
    public static void requireServed(AnswerFormat format) {
        AnswerGrammars.of(format);
    }

    /**
     * Foresees an engine, by the small files of its model and the beginnings of the large ones.
     *
     * @throws io.github.camelvlm.chat.ModelLoadException if its directory, its files or the device are at fault, as far as
     *     that shows in them
     */
    public static Forecast of(EngineOptions options) {
        Execution execution = ExecutionChoice.of(options);
        ModelFootprint footprint = ModelFamilies.footprint(
                options.directory(), new AdapterDirectories(options.mergedAdapters(), options.adapters()), execution);
        MemoryPlan plan = MemoryPlan.foreseen(options, footprint, execution);
        long bytes = footprint.weightBytes() + plan.cacheTokens() * footprint.cacheBytesPerToken();
        return new Forecast(
                execution.device(),
                bytes + bytes / WORK,
                new ModelInfo(
                        options.name(),
                        plan.contextLength(),
                        execution.dtype().torchName(),
                        Instant.now(),
                        options.mergedAdapters().stream().map(AdapterNames::of).toList(),
                        AdapterNames.of(options.adapters()),
                        footprint.boxes()));
    }
}
