package io.github.camelvlm.fleet;

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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * A model of which there are several engines, as on several GPUs: each request goes to the one that has least to do. One
 * that fails on everything is left out until it computes again.
 */
public final class ReplicatedEngine implements VlmEngine {
    private final Replicas replicas;
    private final VlmEngine first;

    private ReplicatedEngine(List<VlmEngine> engines) {
        replicas = new Replicas(engines.stream().map(Replica::new).toList());
        first = engines.get(0);
    }

    /**
     * Loads replicas of a model, one after the other.
     *
     * @param loaders at least one; if one of them fails, those that are loaded are closed
     */
    public static ReplicatedEngine load(List<Supplier<VlmEngine>> loaders) {
        List<VlmEngine> engines = new ArrayList<>();
        try {
            loaders.forEach(loader -> engines.add(loader.get()));
            return new ReplicatedEngine(engines);
        } catch (RuntimeException | Error e) {
            try {
                Closing.each(engines, VlmEngine::close);
            } catch (RuntimeException | Error closing) {
                e.addSuppressed(closing);
            }
            throw e;
        }
    }

    private List<VlmEngine> engines() {
        return replicas.all().stream().map(Replica::engine).toList();
    }

    @Override
    public ModelInfo info() {
        return first.info();
    }

    @Override
    public String execution() {
        return engines().size() + " replicas: "
                + engines().stream().map(VlmEngine::execution).collect(Collectors.joining("; "));
    }

    @Override
    public ModelPresence presence() {
        int ready = (int) engines().stream().filter(VlmEngine::isReady).count();
        return new ModelPresence(true, 1, 0, 0, engines().size(), ready);
    }

    /** What all are doing together. */
    @Override
    public EngineStatistics statistics() {
        return engines().stream().map(VlmEngine::statistics).reduce(EngineStatistics.NONE, EngineStatistics::plus);
    }

    @Override
    public boolean isReady() {
        return engines().stream().anyMatch(VlmEngine::isReady);
    }

    /** Of the first that has one, also while others answer in its place: it is to be told, and mended. */
    @Override
    public Optional<EngineFault> fault() {
        return engines().stream().flatMap(engine -> engine.fault().stream()).findFirst();
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
        return generate(request, answers, new CompletableFuture<>());
    }

    @Override
    public List<Generation> generate(ChatRequest request, int answers, CompletionStage<?> cancellation) {
        Attempts attempts = new Attempts(request, answers);
        while (true) {
            Replica replica = attempts.next();
            List<Generation> generations = List.of();
            try {
                generations = replica.engine().generate(request, answers, cancellation);
                return generations;
            } catch (QueueFullException | EngineUnavailableException refusal) {
                attempts.refused(replica, refusal);
            } finally {
                replica.leave(answers - generations.size());
                replica.leaveWith(generations);
            }
        }
    }

    @Override
    public Comparison compare(ChatRequest request, List<String> texts, CompletionStage<?> cancellation)
            throws InterruptedException {
        Attempts attempts = new Attempts(request, texts.size());
        while (true) {
            Replica replica = attempts.next();
            try {
                return replica.engine().compare(request, texts, cancellation);
            } catch (QueueFullException | EngineUnavailableException refusal) {
                attempts.refused(replica, refusal);
            } finally {
                replica.leave(texts.size());
            }
        }
    }

    /** The replicas that one request is put to, until one takes it. */
    private final class Attempts {
        private final long beginning;
        private final int requests;
        private final Set<Replica> tried = Replicas.none();
        private VlmException refusal;

        Attempts(ChatRequest request, int requests) {
            beginning = Beginning.of(request);
            this.requests = requests;
        }

        /** The next one, with the requests added to its load. What is said where none is left is what the last one said. */
        Replica next() {
            return replicas.enter(beginning, requests, tried).orElseGet(() -> {
                if (refusal != null) {
                    throw refusal;
                }
                // Says itself why it answers nothing.
                Replica any = replicas.all().get(0);
                any.enter(requests);
                return any;
            });
        }

        void refused(Replica replica, VlmException said) {
            refusal = said;
            tried.add(replica);
        }
    }

    @Override
    public void shutdown(Duration grace) {
        long deadline = System.nanoTime() + grace.toNanos();
        Closing.each(engines(), engine -> engine.shutdown(Duration.ofNanos(Math.max(0, deadline - System.nanoTime()))));
    }

    @Override
    public void close() {
        Closing.each(engines(), VlmEngine::close);
    }
}
