package io.github.camelvlm.engine;

import io.github.camelvlm.chat.ChatRequest;
import io.github.camelvlm.chat.Message;
import io.github.camelvlm.chat.SamplingOptions;
import java.nio.file.Path;
import java.util.List;

/** Engines and requests for tests. */
final class Engines {
    private Engines() {}

    static EngineOptions options(Path model, String dtype) {
        return options(model, dtype, 0, 8, 64);
    }

    /** One thread: the models are so small that several would only wait for each other. */
    static EngineOptions options(Path model, String dtype, int contextLength, int maxSequences, int queueLength) {
        return new EngineOptions(
                model,
                model.getFileName().toString(),
                "cpu",
                dtype,
                1,
                contextLength,
                maxSequences,
                queueLength,
                64_000_000);
    }

    static ChatRequest request(List<Message> messages, SamplingOptions sampling) {
        return new ChatRequest(messages, sampling, null);
    }
}
