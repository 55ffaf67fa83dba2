package io.github.camelvlm.routes.benchmark;

import io.github.camelvlm.chat.AnswerFormat;
import io.github.camelvlm.chat.ChatRequest;
import io.github.camelvlm.chat.Generation;
import io.github.camelvlm.chat.Message;
import io.github.camelvlm.chat.Role;
import io.github.camelvlm.chat.SamplingOptions;
import io.github.camelvlm.engine.EngineOptions;
import io.github.camelvlm.engine.LocalEngine;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Measures what the form of an answer costs a step, in a JVM of its own, by turns with answers that have none. */
final class FormMeasurement {
    private static final int ANSWER = 32;
    private static final int ROUNDS = 5;

    /** Most tokens may be a part of a text, so that a step is told of each whether it may. */
    private static final AnswerFormat TEXTS = new AnswerFormat.Json(
            "guided_json", "{\"type\": \"array\", \"minItems\": 1000, \"items\": {\"type\": \"string\"}}");

    private FormMeasurement() {}

    /** @param arguments the model's directory */
    public static void main(String[] arguments) throws InterruptedException {
        try (LocalEngine engine = LocalEngine.load(options(Path.of(arguments[0])))) {
            answer(engine, TEXTS);
            answer(engine, null);
            Rounds ratios = new Rounds();
            for (int i = 0; i < ROUNDS; i++) {
                double free = answer(engine, null);
                double formed = answer(engine, TEXTS);
                // A machine that is shared changes from minute to minute.
                double freeAgain = answer(engine, null);
                ratios.add(formed / ((free + freeAgain) / 2));
            }
            System.out.println(Measurement.MARK
                    + new Figure("step, an answer with a form ÷ without", ratios.median(), "ratio", "<= 1.03")
                            .format());
        }
    }

    private static EngineOptions options(Path directory) {
        return new EngineOptions(
                directory,
                List.of(),
                Map.of(),
                "benchmark",
                "cpu",
                "bfloat16",
                "none",
                true,
                true,
                0,
                2048,
                1,
                8,
                0,
                Duration.ofMillis(500),
                64_000_000,
                "off");
    }

    /** The median time of a token, in nanoseconds. */
    private static double answer(LocalEngine engine, AnswerFormat form) throws InterruptedException {
        SamplingOptions sampling = SamplingOptions.builder()
                .temperature(1.0)
                .topK(0)
                .topP(1.0)
                .seed(1L)
                .ignoreEos(true)
                .maxTokens(ANSWER)
                .format(form)
                .build();
        Generation generation =
                engine.generate(new ChatRequest(List.of(Message.of(Role.USER, "Go on.")), sampling, null));
        Rounds times = new Rounds();
        long last = 0;
        while (generation.next().isPresent()) {
            long now = System.nanoTime();
            if (last > 0) {
                times.add(now - last);
            }
            last = now;
        }
        return times.median();
    }
}
