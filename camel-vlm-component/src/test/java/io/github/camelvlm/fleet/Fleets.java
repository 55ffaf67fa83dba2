package io.github.camelvlm.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelvlm.chat.ChatRequest;
import io.github.camelvlm.chat.ImagePart;
import io.github.camelvlm.chat.Message;
import io.github.camelvlm.chat.Role;
import io.github.camelvlm.chat.SamplingOptions;
import io.github.camelvlm.chat.TextPart;
import io.github.camelvlm.engine.EngineOptions;
import io.github.camelvlm.goldens.GoldenCase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/** Models and requests for tests of what engines are made of. */
final class Fleets {
    /** How many requests may wait for a model that is being loaded. */
    static final int PLACES = 16;

    private static final Duration LIMIT = Duration.ofSeconds(60);

    private Fleets() {}

    /** A model in float32 on one thread, for two answers at once. */
    static EngineOptions options(Path model, Map<String, Path> adapters) {
        return options(model, adapters, 2);
    }

    /** A model in float32 on one thread, with a cache for so many answers at once. */
    static EngineOptions options(Path model, Map<String, Path> adapters, int maxSequences) {
        return new EngineOptions(
                model,
                List.of(),
                adapters,
                model.getFileName().toString(),
                "cpu",
                "float32",
                "none",
                true,
                true,
                1,
                0,
                maxSequences,
                64,
                0,
                Duration.ofMillis(500),
                64_000_000,
                "auto");
    }

    static ChatRequest greedy(GoldenCase golden) {
        return new ChatRequest(
                golden.messages(),
                SamplingOptions.builder()
                        .temperature(0.0)
                        .maxTokens(golden.json().get("max_tokens").asInt())
                        .build(),
                null);
    }

    /** A question about a picture of the goldens. */
    static ChatRequest ask(String picture, String question) {
        return new ChatRequest(
                List.of(new Message(
                        Role.USER, List.of(new ImagePart(GoldenCase.picture(picture)), new TextPart(question)))),
                SamplingOptions.builder().temperature(0.0).maxTokens(8).build(),
                null);
    }

    /** A request that goes on until its length is reached. */
    static ChatRequest endless(int maxTokens) {
        return new ChatRequest(
                List.of(Message.of(Role.USER, "Go on.")),
                SamplingOptions.builder()
                        .temperature(0.0)
                        .ignoreEos(true)
                        .maxTokens(maxTokens)
                        .build(),
                null);
    }

    /** Waits for what other threads do, and fails when that takes too long. */
    static void await(String what, BooleanSupplier condition) {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .as("waited for: " + what)
                    .isLessThan(LIMIT);
            Thread.onSpinWait();
        }
    }
}
