package io.github.camelvlm.remote;

import io.github.camelvlm.chat.AnswerFormat;
import io.github.camelvlm.chat.ChatRequest;
import io.github.camelvlm.chat.Closing;
import io.github.camelvlm.chat.Comparison;
import io.github.camelvlm.chat.EngineFault;
import io.github.camelvlm.chat.EngineStatistics;
import io.github.camelvlm.chat.EngineUnavailableException;
import io.github.camelvlm.chat.Generation;
import io.github.camelvlm.chat.ModelInfo;
import io.github.camelvlm.chat.ModelPresence;
import io.github.camelvlm.chat.QueueFullException;
import io.github.camelvlm.chat.VlmEngine;
import io.github.camelvlm.chat.VlmException;
import io.github.camelvlm.chat.VlmTokenizer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** An engine at hand, and another one for what is too much for it, and for all while it fails on everything. */
public final class OverflowEngine implements VlmEngine {
    private final VlmEngine first;
    private final VlmEngine second;

    /**
     * @param first asked first, and for all that is not an answer
     * @param second asked when the queue of the first is full, and while that has a fault
     */
    public OverflowEngine(VlmEngine first, VlmEngine second) {
        this.first = first;
        this.second = second;
    }

    @Override
    public ModelInfo info() {
        return first.info();
    }

    @Override
    public String execution() {
        return first.execution() + ", and elsewhere what that has no place for: " + second.execution();
    }

    @Override
    public ModelPresence presence() {
        return first.presence();
    }

    /** What both are doing together; servers elsewhere tell of no cache. */
    @Override
    public EngineStatistics statistics() {
        return first.statistics().plus(second.statistics());
    }

    @Override
    public boolean isReady() {
        return first.isReady() || first.fault().isPresent() && second.isReady();
    }

    /** That of the first, also while the second answers in its place: it is to be told, and mended. */
    @Override
    public Optional<EngineFault> fault() {
        return first.fault();
    }

    @Override
    public void requireServed(AnswerFormat format) {
        first.requireServed(format);
    }

    @Override
    public VlmTokenizer tokenizer() {
        return first.tokenizer();
    }

    @Override
    public List<Generation> generate(ChatRequest request, int answers) {
        try {
            return first.generate(request, answers);
        } catch (QueueFullException | EngineUnavailableException refusal) {
            requireSecond(request, refusal);
            return second.generate(request, answers);
        }
    }

    @Override
    public List<Generation> generate(ChatRequest request, int answers, CompletionStage<?> cancellation) {
        try {
            return first.generate(request, answers, cancellation);
        } catch (QueueFullException | EngineUnavailableException refusal) {
            requireSecond(request, refusal);
            return second.generate(request, answers, cancellation);
        }
    }

    @Override
    public Comparison compare(ChatRequest request, List<String> texts, CompletionStage<?> cancellation)
            throws InterruptedException {
        try {
            return first.compare(request, texts, cancellation);
        } catch (QueueFullException | EngineUnavailableException refusal) {
            requireSecond(request, refusal);
            return second.compare(request, texts, cancellation);
        }
    }

    /** What only the first can do waits for it, and one that stops hands nothing on. */
    private void requireSecond(ChatRequest request, VlmException refusal) {
        boolean isStopping =
                refusal instanceof EngineUnavailableException && first.fault().isEmpty();
        if (isStopping || request.sampling().promptLogprobs() != null) {
            throw refusal;
        }
    }

    @Override
    public void shutdown(Duration grace) {
        long deadline = System.nanoTime() + grace.toNanos();
        Closing.each(
                List.of(first, second),
                engine -> engine.shutdown(Duration.ofNanos(Math.max(0, deadline - System.nanoTime()))));
    }

    @Override
    public void close() {
        Closing.all(first::close, second::close);
    }
}
