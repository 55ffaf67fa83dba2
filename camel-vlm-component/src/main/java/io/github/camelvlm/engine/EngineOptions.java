package io.github.camelvlm.engine;

import java.nio.file.Path;

/**
 * What an engine is made of and how much it takes on.
 *
 * @param directory the model directory
 * @param name the name that answers report
 * @param device {@code auto}, {@code cpu}, {@code cuda} or {@code cuda:N}
 * @param dtype {@code auto}, {@code float32}, {@code bfloat16} or {@code float16}
 * @param threads the CPU threads that share one operator's work; 0 for all processors that the JVM sees
 * @param contextLength the most tokens of prompt and answer together; 0 for as many as the model was made for
 * @param maxSequences the most requests answered at once
 * @param queueLength the most requests that wait beyond those
 * @param maxImagePixels the most pixels that a picture may declare before it is decoded
 */
public record EngineOptions(
        Path directory,
        String name,
        String device,
        String dtype,
        int threads,
        int contextLength,
        int maxSequences,
        int queueLength,
        long maxImagePixels) {

    /** @throws IllegalArgumentException if a number is out of its range */
    public EngineOptions {
        require("threads", threads, 0);
        require("contextLength", contextLength, 0);
        require("maxSequences", maxSequences, 1);
        require("queueLength", queueLength, 0);
        require("maxImagePixels", maxImagePixels, 1);
    }

    private static void require(String option, long value, long least) {
        if (value < least) {
            throw new IllegalArgumentException(option + " must be at least " + least + ", but is " + value);
        }
    }
}
