package io.github.camelvlm.engine;

import io.github.camelvlm.chat.ChatRequest;
import io.github.camelvlm.chat.Message;
import io.github.camelvlm.chat.Role;
import io.github.camelvlm.chat.SamplingOptions;
import io.github.camelvlm.goldens.GoldenCase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Engines and requests for tests. */
final class Engines {
    private Engines() {}

    static EngineOptions options(Path model, String dtype) {
        return options(model, dtype, 0, 8, 64);
    }

    static EngineOptions quantized(Path model, String quantization) {
        return options(model, "bfloat16", quantization, 0, 8, 64, Duration.ofMillis(500));
    }

    /** The same options without tokens that ride along. */
    static EngineOptions withoutSpeculation(EngineOptions options) {
        return new EngineOptions(
                options.directory(),
                options.mergedAdapters(),
                options.adapters(),
                options.name(),
                options.device(),
                options.dtype(),
                options.quantization(),
                options.packWeights(),
                options.nativeKernels(),
                options.threads(),
                options.contextLength(),
                options.maxSequences(),
                options.queueLength(),
                options.kvCacheBytes(),
                options.maxPause(),
                options.maxImagePixels(),
                "off");
    }

    /** The same options with libtorch's operators alone. */
    static EngineOptions withoutNativeKernels(EngineOptions options) {
        return new EngineOptions(
                options.directory(),
                options.mergedAdapters(),
                options.adapters(),
                options.name(),
                options.device(),
                options.dtype(),
                options.quantization(),
                options.packWeights(),
                false,
                options.threads(),
                options.contextLength(),
                options.maxSequences(),
                options.queueLength(),
                options.kvCacheBytes(),
                options.maxPause(),
                options.maxImagePixels(),
                options.speculation());
    }

    /** random-vl in float32 with adapters. */
    static EngineOptions adapted(List<Path> merged, Map<String, Path> adapters) {
        return adapted(GoldenCase.RANDOM_VL, merged, adapters, "float32");
    }

    static EngineOptions adapted(Path model, List<Path> merged, Map<String, Path> adapters, String dtype) {
        return options(model, merged, adapters, dtype, "none", 0, 8, 64, Duration.ofMillis(500));
    }

    static EngineOptions pausing(Path model, Duration maxPause) {
        return options(model, "float32", "none", 0, 8, 64, maxPause);
    }

    static EngineOptions options(Path model, String dtype, int contextLength, int maxSequences, int queueLength) {
        return options(model, dtype, "none", contextLength, maxSequences, queueLength, Duration.ofMillis(500));
    }

    private static EngineOptions options(
            Path model,
            String dtype,
            String quantization,
            int contextLength,
            int maxSequences,
            int queueLength,
            Duration maxPause) {
        return options(
                model, List.of(), Map.of(), dtype, quantization, contextLength, maxSequences, queueLength, maxPause);
    }

    /** One thread: the models are so small that several would only wait for each other. */
    private static EngineOptions options(
            Path model,
            List<Path> merged,
            Map<String, Path> adapters,
            String dtype,
            String quantization,
            int contextLength,
            int maxSequences,
            int queueLength,
            Duration maxPause) {
        return new EngineOptions(
                model,
                merged,
                adapters,
                model.getFileName().toString(),
                "cpu",
                dtype,
                quantization,
                true,
                true,
                1,
                contextLength,
                maxSequences,
                queueLength,
                0,
                maxPause,
                64_000_000,
                "auto");
    }

    static ChatRequest request(List<Message> messages, SamplingOptions sampling) {
        return new ChatRequest(messages, sampling, null);
    }

    static ChatRequest greedy(GoldenCase golden) {
        return request(
                golden.messages(),
                SamplingOptions.builder()
                        .temperature(0.0)
                        .maxTokens(golden.json().get("max_tokens").asInt())
                        .build());
    }

    /** A request that goes on until its length is reached: the tokens that would end its turn are forbidden. */
    static ChatRequest endless(int maxTokens) {
        return request(
                List.of(Message.of(Role.USER, "Go on.")),
                SamplingOptions.builder()
                        .temperature(0.0)
                        .maxTokens(maxTokens)
                        .logitBias(Map.of(1010, -100.0, 1012, -100.0))
                        .build());
    }

    static ChatRequest sampled(long seed) {
        return request(
                List.of(Message.of(Role.USER, "Say anything.")),
                SamplingOptions.builder()
                        .temperature(1.0)
                        .topK(0)
                        .topP(1.0)
                        .seed(seed)
                        .maxTokens(24)
                        .logitBias(Map.of(1010, -100.0, 1012, -100.0))
                        .build());
    }
}
