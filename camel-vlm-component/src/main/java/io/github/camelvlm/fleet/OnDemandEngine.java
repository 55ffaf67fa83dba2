package io.github.camelvlm.fleet;

import io.github.camelvlm.chat.AnswerFormat;
import io.github.camelvlm.chat.ChatRequest;
import io.github.camelvlm.chat.Comparison;
import io.github.camelvlm.chat.EngineFault;
import io.github.camelvlm.chat.EngineStatistics;
import io.github.camelvlm.chat.EngineUnavailableException;
import io.github.camelvlm.chat.Generation;
import io.github.camelvlm.chat.ModelInfo;
import io.github.camelvlm.chat.ModelPresence;
import io.github.camelvlm.chat.VlmEngine;
import io.github.camelvlm.chat.VlmTokenizer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** One of the models that share a room: loaded when a request comes that asks for it, for which that waits. */
final class OnDemandEngine implements VlmEngine {
    private final ModelRoom room;
    private final Tenant tenant;
    private final VlmTokenizer tokenizer = new OnDemandTokenizer(this);

    OnDemandEngine(ModelRoom room, Tenant tenant) {
        this.room = room;
        this.tenant = tenant;
    }

    /** Something that is done with the engine. */
    interface Work<T> {
        T with(VlmEngine engine);
    }

    /** Does something for which the engine must be there, and which is over when it returns. */
    <T> T use(Work<T> work) {
        VlmEngine engine = enter(null, new CompletableFuture<>());
        try {
            return work.with(engine);
        } finally {
            room.leave(tenant);
        }
    }

    private VlmEngine enter(Duration limit, CompletionStage<?> cancellation) {
        try {
            return room.enter(tenant, limit, cancellation);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EngineUnavailableException(
                    "Model " + model() + " is not waited for any more: its thread was interrupted", e);
        }
    }

    /** The same with the time that is left of its own; the model's loading has taken some. */
    private ChatRequest since(long begun, ChatRequest request) {
        if (request.timeLimit() == null) {
            return request;
        }
        Duration left = request.timeLimit().minusNanos(System.nanoTime() - begun);
        return request.withTimeLimit(left.isNegative() || left.isZero() ? Duration.ofNanos(1) : left);
    }

    @Override
    public String model() {
        return tenant.source.name();
    }

    @Override
    public ModelInfo info() {
        return room.peek(tenant).map(VlmEngine::info).orElseGet(tenant.source::info);
    }

    @Override
    public String execution() {
        return room.peek(tenant).map(VlmEngine::execution).orElse("nothing until it is asked for");
    }

    @Override
    public ModelPresence presence() {
        return room.presence(tenant);
    }

    /** What it is doing, and has done each time it was loaded. */
    @Override
    public EngineStatistics statistics() {
        return room.statistics(tenant);
    }

    @Override
    public boolean isReady() {
        return !room.isClosed() && room.peek(tenant).map(VlmEngine::isReady).orElse(true);
    }

    @Override
    public Optional<EngineFault> fault() {
        return room.peek(tenant).flatMap(VlmEngine::fault);
    }

    @Override
    public void requireServed(AnswerFormat format) {
        room.peek(tenant)
                .ifPresentOrElse(engine -> engine.requireServed(format), () -> tenant.source.requireServed(format));
    }

    @Override
    public VlmTokenizer tokenizer() {
        return tokenizer;
    }

    @Override
    public List<Generation> generate(ChatRequest request, int answers) {
        return generate(request, answers, new CompletableFuture<>());
    }

    @Override
    public List<Generation> generate(ChatRequest request, int answers, CompletionStage<?> cancellation) {
        long begun = System.nanoTime();
        // Made before: without memory for it the model could not be left again.
        Use use = new Use(answers);
        VlmEngine engine = enter(request.timeLimit(), cancellation);
        try {
            List<Generation> generations = engine.generate(since(begun, request), answers, cancellation);
            generations.forEach(generation -> generation.onEnd(use));
            return generations;
        } catch (RuntimeException | Error e) {
            use.end();
            throw e;
        }
    }

    /** The use of the engine by the answers to one request, which ends with the last of them. */
    private final class Use implements Runnable {
        private int left;

        Use(int answers) {
            left = answers;
        }

        @Override
        public synchronized void run() {
            left--;
            if (left == 0) {
                room.leave(tenant);
            }
        }

        synchronized void end() {
            if (left > 0) {
                left = 0;
                room.leave(tenant);
            }
        }
    }

    @Override
    public Comparison compare(ChatRequest request, List<String> texts, CompletionStage<?> cancellation)
            throws InterruptedException {
        long begun = System.nanoTime();
        VlmEngine engine = room.enter(tenant, request.timeLimit(), cancellation);
        try {
            return engine.compare(since(begun, request), texts, cancellation);
        } finally {
            room.leave(tenant);
        }
    }

    /** All models of the room go, as they share it. */
    @Override
    public void shutdown(Duration grace) {
        room.shutdown(grace);
    }

    @Override
    public void close() {
        room.close();
    }
}
