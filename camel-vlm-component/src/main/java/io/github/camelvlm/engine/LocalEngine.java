package io.github.camelvlm.engine;

import io.github.camelvlm.chat.AnswerFormat;
import io.github.camelvlm.chat.BufferedGeneration;
import io.github.camelvlm.chat.ChatRequest;
import io.github.camelvlm.chat.Closing;
import io.github.camelvlm.chat.Comparison;
import io.github.camelvlm.chat.EngineFault;
import io.github.camelvlm.chat.EngineStatistics;
import io.github.camelvlm.chat.EngineUnavailableException;
import io.github.camelvlm.chat.Generation;
import io.github.camelvlm.chat.InvalidRequestException;
import io.github.camelvlm.chat.ModelInfo;
import io.github.camelvlm.chat.ModelNotServedException;
import io.github.camelvlm.chat.QueueFullException;
import io.github.camelvlm.chat.SamplingOptions;
import io.github.camelvlm.chat.Tools;
import io.github.camelvlm.chat.VlmEngine;
import io.github.camelvlm.chat.VlmTokenizer;
import io.github.camelvlm.constraint.CompiledGrammar;
import io.github.camelvlm.model.AdapterDirectories;
import io.github.camelvlm.model.CompiledPrompt;
import io.github.camelvlm.model.Execution;
import io.github.camelvlm.model.LinearKernel;
import io.github.camelvlm.model.ModelAdapter;
import io.github.camelvlm.model.ModelFamilies;
import io.github.camelvlm.model.ModelProgram;
import io.github.camelvlm.model.ModelWords;
import io.github.camelvlm.model.PromptCompiler;
import io.github.camelvlm.model.VisionLanguageModel;
import io.github.camelvlm.torch.TorchRuntime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A model in this JVM: takes requests in, and wires the parts that answer them. */
public final class LocalEngine implements VlmEngine {
    private static final Logger LOG = LoggerFactory.getLogger(LocalEngine.class);

    /** The length of an answer where neither the request nor the model sets one. */
    private static final int DEFAULT_MAX_TOKENS = 1024;

    /** The rows that are multiplied in hardly more time than one. */
    private static final int CHEAP_ROWS = 16;

    /** More are multiplied in another form. */
    private static final int CHEAP_ROWS_OF_4_BITS = 2;

    /** What a sequence chooses that is computed for what its prompt's tokens are like. */
    private static final SamplingOptions ONE_TOKEN =
            SamplingOptions.builder().temperature(0.0).maxTokens(1).build();

    private final EngineOptions options;
    private final VisionLanguageModel model;
    private final ModelWords words;
    private final PromptCompiler compiler;
    private final ModelInfo info;
    private final String execution;
    private final LocalTokenizer tokenizer;
    private final AnswerForms forms;
    private final int contextLength;
    private final Semaphore places;
    private final EngineThread thread;
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile boolean stopping;

    private LocalEngine(
            EngineOptions options,
            VisionLanguageModel model,
            Execution execution,
            MemoryPlan memory,
            UnaryOperator<ModelProgram> wrapping) {
        this.options = options;
        this.model = model;
        words = model.words();
        contextLength = memory.contextLength();
        info = new ModelInfo(
                options.name(),
                contextLength,
                execution.dtype().torchName(),
                Instant.now(),
                options.mergedAdapters().stream().map(AdapterNames::of).toList(),
                AdapterNames.of(options.adapters()),
                words.boxes());
        compiler = words.promptCompiler(contextLength, options.maxImagePixels());
        tokenizer = new LocalTokenizer(words.tokenizer(), compiler, words.vocabulary());
        forms = new AnswerForms(words);
        this.execution = execution.text(model.program().usesFlash());
        places = new Semaphore(places());
        int threads =
                options.threads() > 0 ? options.threads() : Runtime.getRuntime().availableProcessors();
        ModelRunner runner = new ModelRunner(wrapping.apply(model.program()), memory.cacheTokens());
        thread = new EngineThread(
                options.name(),
                () -> new Scheduler(
                        new KvCache(memory.cacheTokens()),
                        options.maxSequences(),
                        options.maxPause(),
                        execution.kernel() == LinearKernel.INT4 ? CHEAP_ROWS_OF_4_BITS : CHEAP_ROWS,
                        runner::halfBlocksLeft),
                runner,
                () -> TorchRuntime.prepareThread(threads),
                ended -> places.release());
    }

    /**
     * Loads a model.
     *
     * @throws io.github.camelvlm.chat.ModelLoadException if its directory, its files or the device are at fault
     */
    public static LocalEngine load(EngineOptions options) {
        return load(options, UnaryOperator.identity());
    }

    /** @param wrapping stands between the engine and its program */
    static LocalEngine load(EngineOptions options, UnaryOperator<ModelProgram> wrapping) {
        long start = System.nanoTime();
        Execution execution = ExecutionChoice.of(options);
        VisionLanguageModel model = ModelFamilies.load(
                options.directory(), new AdapterDirectories(options.mergedAdapters(), options.adapters()), execution);
        try {
            MemoryPlan memory = MemoryPlan.of(
                    options, model.words().maxContextLength(), model.program().cacheBytesPerToken(), execution);
            // One more for what the engine tries by itself.
            model.program().allocate(memory.cacheTokens() + 1);
            LocalEngine engine = new LocalEngine(options, model, execution, memory, wrapping);
            LOG.info(
                    "Model {} runs on {}: loaded in {} ms, context of {} tokens, up to {} requests at once",
                    options.name(),
                    engine.execution,
                    Duration.ofNanos(System.nanoTime() - start).toMillis(),
                    engine.contextLength,
                    options.maxSequences());
            return engine;
        } catch (RuntimeException | Error e) {
            try (model) {
                throw e;
            }
        }
    }

    @Override
    public ModelInfo info() {
        return info;
    }

    @Override
    public String execution() {
        return execution;
    }

    @Override
    public EngineStatistics statistics() {
        return thread.statistics();
    }

    @Override
    public void requireServed(AnswerFormat format) {
        forms.of(format, Tools.NONE);
    }

    @Override
    public VlmTokenizer tokenizer() {
        return tokenizer;
    }

    @Override
    public boolean isReady() {
        return thread.isAlive() && !stopping && thread.fault().isEmpty();
    }

    @Override
    public Optional<EngineFault> fault() {
        return thread.fault();
    }

    @Override
    public List<Generation> generate(ChatRequest request, int answers) {
        return generate(request, answers, new CompletableFuture<>());
    }

    @Override
    public List<Generation> generate(ChatRequest request, int answers, CompletionStage<?> cancellation) {
        long askedAt = System.nanoTime();
        requireAlive();
        ModelAdapter adapter = adapter(request.adapter());
        takePlaces(answers);
        List<Generation> generations = new ArrayList<>(answers);
        try {
            SamplingOptions sampling =
                    request.sampling().orElse(words.defaults().sampling());
            requireKnownIds(sampling);
            requireKnownIds("prompt", request.tokens());
            // Before pictures are decoded, which costs more.
            List<List<Integer>> badWords = sampling.badWords() == null
                    ? List.of()
                    : PermittedTokens.badWords(sampling.badWords(), words.tokenizer());
            Optional<CompiledGrammar> form = forms.of(sampling.format(), request.tools());
            CompiledPrompt prompt = compiler.compile(request, cancellation).with(adapter);
            while (generations.size() < answers) {
                BufferedGeneration generation = new BufferedGeneration();
                SamplingOptions own = sampling.forAnswer(generations.size());
                Scoring scoring = own.promptLogprobs() == null
                        ? Scoring.NONE
                        : Scoring.ofPrompt(prompt.ids(), own.promptLogprobs());
                thread.submit(sequence(request, prompt, own, badWords, form, scoring, askedAt, generation));
                generations.add(generation);
            }
            cancellation.whenComplete((done, failure) -> generations.forEach(Generation::cancel));
            return generations;
        } catch (RuntimeException | Error e) {
            // Those that have begun have no reader.
            generations.forEach(Generation::cancel);
            throw e;
        } finally {
            places.release(answers - generations.size());
        }
    }

    @Override
    public Comparison compare(ChatRequest request, List<String> texts, CompletionStage<?> cancellation)
            throws InterruptedException {
        long askedAt = System.nanoTime();
        requireAlive();
        ModelAdapter adapter = adapter(request.adapter());
        ChoiceComparison comparison = new ChoiceComparison(texts, words);
        comparison.requireAtMost(places());
        takePlaces(comparison.sequences());
        AtomicInteger left = new AtomicInteger(comparison.sequences());
        try {
            CompiledPrompt prompt = compiler.compile(request, cancellation).with(adapter);
            return comparison.run(prompt, contextLength, (path, scoring) -> {
                BufferedGeneration generation = new BufferedGeneration();
                thread.submit(
                        sequence(request, path, ONE_TOKEN, List.of(), Optional.empty(), scoring, askedAt, generation));
                left.decrementAndGet();
                cancellation.whenComplete((done, failure) -> generation.cancel());
                return generation;
            });
        } finally {
            places.release(left.get());
        }
    }

    private ModelAdapter adapter(String name) {
        if (name == null) {
            return ModelAdapter.ABSENT;
        }
        ModelAdapter adapter = model.adapters().get(name);
        if (adapter == null) {
            List<String> served = new ArrayList<>(List.of(model()));
            served.addAll(info.adapters().keySet());
            throw new ModelNotServedException(name, served);
        }
        return adapter;
    }

    private void requireAlive() {
        if (!thread.isAlive()) {
            throw new EngineUnavailableException("The engine of model " + model() + " is closed or has failed");
        }
        if (stopping) {
            throw new EngineUnavailableException("The engine of model " + model() + " is stopping");
        }
        thread.fault().ifPresent(fault -> {
            throw new EngineUnavailableException("The engine of model " + model()
                    + " fails on everything at present, and was last told: " + fault.message()
                    + ". Try again later; if it goes on, restart it");
        });
    }

    /** Places are taken before any picture is decoded, so that what waits is bounded in memory too. */
    private void takePlaces(int answers) {
        if (answers > places()) {
            throw new InvalidRequestException("n", "must be at most " + places() + " here, but is " + answers);
        }
        if (!places.tryAcquire(answers)) {
            // Who stops the engine takes all places.
            requireAlive();
            throw new QueueFullException("Model " + model() + " is busy: " + options.maxSequences()
                    + " requests run and " + options.queueLength()
                    + " wait. Try again later, or raise queueLength");
        }
    }

    private void requireKnownIds(SamplingOptions sampling) {
        requireKnownIds(
                "logit_bias",
                sampling.logitBias() == null ? null : sampling.logitBias().keySet());
        requireKnownIds("stop_token_ids", sampling.stopTokenIds());
        requireKnownIds("allowed_token_ids", sampling.allowedTokenIds());
    }

    private void requireKnownIds(String field, Collection<Integer> ids) {
        int vocabulary = words.vocabulary();
        for (int id : ids == null ? Set.<Integer>of() : ids) {
            if (id < 0 || id >= vocabulary) {
                throw new InvalidRequestException(
                        field, "must name token ids from 0 to " + (vocabulary - 1) + ", but names " + id);
            }
        }
    }

    private Sequence sequence(
            ChatRequest request,
            CompiledPrompt prompt,
            SamplingOptions sampling,
            List<List<Integer>> badWords,
            Optional<CompiledGrammar> form,
            Scoring scoring,
            long askedAt,
            BufferedGeneration generation) {
        Duration timeLimit = request.timeLimit();
        int least = sampling.minTokens() == null ? 0 : sampling.minTokens();
        int wanted = sampling.maxTokens() != null ? sampling.maxTokens() : Math.max(DEFAULT_MAX_TOKENS, least);
        Set<Integer> endTokens = words.defaults().endTokens();
        Set<Integer> stopTokens = sampling.stopTokenIds() == null ? Set.of() : new HashSet<>(sampling.stopTokenIds());
        Set<Integer> allEnds = new HashSet<>(endTokens);
        allEnds.addAll(stopTokens);
        Set<Integer> ends = Boolean.TRUE.equals(sampling.ignoreEos()) ? stopTokens : allEnds;
        int maxTokens = Math.min(wanted, contextLength - prompt.ids().length);
        return new Sequence(
                prompt,
                maxTokens,
                ends,
                new Sampler(
                        sampling,
                        prompt.ids(),
                        new PermittedTokens(
                                sampling,
                                allEnds,
                                badWords,
                                form.map(CompiledGrammar::begin).orElse(null),
                                maxTokens)),
                new Drafter(options.speculation().equals("auto"), ends),
                scoring,
                new RepetitionDetector(sampling.repetition(), sampling.minTokens(), words.tokenizer()::bytesOf),
                sampling.topLogprobs() == null ? -1 : sampling.topLogprobs(),
                new Answer(
                        request.adapter() == null ? model() : request.adapter(),
                        words.tokenizer(),
                        endTokens,
                        generation,
                        askedAt,
                        prompt,
                        sampling,
                        words.toolCallParser(request.tools())),
                generation,
                timeLimit == null ? null : askedAt + timeLimit.toNanos());
    }

    @Override
    public void shutdown(Duration grace) {
        stopping = true;
        try {
            if (!places.tryAcquire(places(), grace.toNanos(), TimeUnit.NANOSECONDS)) {
                LOG.warn(
                        "Model {} stops before all its requests are answered: {} ms were not enough",
                        model(),
                        grace.toMillis());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        close();
    }

    private int places() {
        return options.maxSequences() + options.queueLength();
    }

    @Override
    public void close() {
        if (!closed.getAndSet(true)) {
            Closing.all(thread::close, model::close);
        }
    }
}
