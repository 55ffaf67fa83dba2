package io.github.camelvlm.fleet;

import io.github.camelvlm.chat.AnswerFormat;
import io.github.camelvlm.chat.ModelInfo;
import io.github.camelvlm.chat.VlmEngine;
import io.github.camelvlm.engine.EngineOptions;
import io.github.camelvlm.engine.Forecast;
import io.github.camelvlm.engine.LocalEngine;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.UnaryOperator;

/** A real model in its directory, whose loading a test may hold up or make fail, and whose engine it may watch. */
final class HoldableSource implements ModelSource {
    private final EngineOptions options;
    /** At zero when it is first loaded. */
    final CountDownLatch begun = new CountDownLatch(1);

    /** Loading goes on when it is at zero. */
    volatile CountDownLatch gate = new CountDownLatch(0);

    /** What the next loading ends in; null for an engine. */
    volatile Throwable failure;

    /** Made of each engine that is loaded. */
    volatile UnaryOperator<VlmEngine> watch = UnaryOperator.identity();

    HoldableSource(Path model, Map<String, Path> adapters, int maxSequences) {
        options = Fleets.options(model, adapters, maxSequences);
    }

    @Override
    public String name() {
        return options.name();
    }

    @Override
    public ModelInfo info() {
        return Forecast.of(options).info();
    }

    @Override
    public Optional<Map<String, Long>> foreseen() {
        return Optional.of(need());
    }

    @Override
    public Map<String, Long> need() {
        Forecast forecast = Forecast.of(options);
        return Map.of(forecast.device(), forecast.bytes());
    }

    long bytes() {
        return need().get("cpu");
    }

    @Override
    public void requireServed(AnswerFormat format) {
        Forecast.requireServed(format);
    }

    @Override
    public VlmEngine load() {
        begun.countDown();
        try {
            gate.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        Throwable now = failure;
        failure = null;
        if (now instanceof Error error) {
            throw error;
        } else if (now != null) {
            throw (RuntimeException) now;
        }
        return watch.apply(LocalEngine.load(options));
    }
}
