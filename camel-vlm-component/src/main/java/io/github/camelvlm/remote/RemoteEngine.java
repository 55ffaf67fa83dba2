package io.github.camelvlm.remote;

import io.github.camelvlm.chat.ChatRequest;
import io.github.camelvlm.chat.Closing;
import io.github.camelvlm.chat.Comparison;
import io.github.camelvlm.chat.Completion;
import io.github.camelvlm.chat.EngineStatistics;
import io.github.camelvlm.chat.EngineUnavailableException;
import io.github.camelvlm.chat.Generation;
import io.github.camelvlm.chat.ImagePart;
import io.github.camelvlm.chat.InvalidRequestException;
import io.github.camelvlm.chat.ModelInfo;
import io.github.camelvlm.chat.SeenPicture;
import io.github.camelvlm.chat.UnreadablePictureException;
import io.github.camelvlm.chat.VlmEngine;
import io.github.camelvlm.chat.VlmTokenizer;
import io.github.camelvlm.remote.RemoteGeneration.Stop;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.core5.io.CloseMode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Models elsewhere: asks servers that speak OpenAI's API, each request the least loaded of those that answer. A request
 * that a server fails before it begins to answer goes to another one. Answers are streamed to here in any case, so that
 * a request that no thread waits for any more ends on the server too.
 */
public final class RemoteEngine implements VlmEngine {
    private static final Logger LOG = LoggerFactory.getLogger(RemoteEngine.class);

    /** A server that is silent for so long while it has a request is probed, since it may have lost its network. */
    private static final Duration SILENCE = Duration.ofSeconds(10);

    /** Of the heap, for the requests in hand: pictures as they came, which their senders hold too. */
    private static final int SHARE_OF_HEAP = 4;

    private final RemoteOptions options;
    private final PictureMeasure measure;
    private final CloseableHttpClient http;
    private final Servers servers;
    private final Dispatch dispatch;
    private final VlmTokenizer tokenizer;
    private final RemoteCounters counters = new RemoteCounters();
    private final Instant startedAt = Instant.now();
    private final Set<RemoteGeneration> active = ConcurrentHashMap.newKeySet();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final RequestBudget budget;
    private final ExecutorService threads = Executors.newCachedThreadPool(daemons("vlm-remote-"));
    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1, daemons("vlm-remote-timer-"));
    private volatile boolean stopping;

    /**
     * Looks which of the servers answer. It is no error if none does: they may start later.
     *
     * @param measure looks at pictures before they are sent
     */
    public RemoteEngine(RemoteOptions options, PictureMeasure measure) {
        this(options, measure, SILENCE, Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP);
    }

    RemoteEngine(RemoteOptions options, PictureMeasure measure, Duration silence, long maxBytes) {
        this.options = options;
        this.measure = measure;
        budget = new RequestBudget(options.maxAnswers(), maxBytes);
        timer.setRemoveOnCancelPolicy(true);
        http = Connections.client();
        Executor probes = probe -> {
            if (!stopping) {
                threads.execute(probe);
            }
        };
        servers = new Servers(options.servers().stream()
                .map(url -> new RemoteServer(url, options.apiKey(), http, probes, timer))
                .toList());
        dispatch = new Dispatch(servers);
        tokenizer = new RemoteTokenizer(this);
        try {
            begin(silence);
        } catch (RuntimeException | Error e) {
            try (this) {
                throw e;
            }
        }
    }

    private void begin(Duration silence) {
        timer.scheduleWithFixedDelay(
                () -> lookAfterSilent(silence), silence.toMillis(), silence.toMillis() / 2, TimeUnit.MILLISECONDS);
        CompletableFuture.allOf(servers.all().stream()
                        .map(server -> CompletableFuture.runAsync(server::probe, threads))
                        .toArray(CompletableFuture[]::new))
                .join();
        servers.all().stream()
                .filter(RemoteServer::isUp)
                .forEach(server -> LOG.info("Server {} serves {}", server, names(server)));
    }

    private static String names(RemoteServer server) {
        return server.models().stream().map(RemoteServer.Served::name).collect(Collectors.joining(", "));
    }

    private static ThreadFactory daemons(String name) {
        AtomicInteger number = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, name + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }

    /** Breaks off what waits for servers that have died without closing their connections. */
    private void lookAfterSilent(Duration silence) {
        try {
            active.stream()
                    .map(RemoteGeneration::attempt)
                    .filter(attempt -> attempt != null && attempt.exchange().silence() > silence.toNanos())
                    .collect(Collectors.groupingBy(RemoteGeneration.Attempt::server))
                    .forEach((server, attempts) -> threads.execute(() -> {
                        server.probe();
                        if (!server.isUp()) {
                            attempts.forEach(attempt -> attempt.exchange().breakOff());
                        }
                    }));
        } catch (RuntimeException | Error e) {
            // The timer would not look again.
            LOG.warn("Servers that are silent could not be looked after", e);
        }
    }

    /**
     * The model that is asked for; its context and adapters are known if servers have told them.
     *
     * @throws EngineUnavailableException if the name is to be the servers' own and none tells it
     */
    @Override
    public ModelInfo info() {
        return ToldModel.of(servers.all(), options.model(), startedAt);
    }

    @Override
    public String execution() {
        return servers.all().size() == 1 ? "a server" : servers.all().size() + " servers";
    }

    @Override
    public EngineStatistics statistics() {
        int running = (int) active.stream().filter(RemoteGeneration::hasBegun).count();
        return counters.snapshot(running, Math.max(0, active.size() - running));
    }

    @Override
    public boolean isReady() {
        return !stopping && servers.isAnyUp();
    }

    @Override
    public VlmTokenizer tokenizer() {
        return tokenizer;
    }

    @Override
    public List<Generation> generate(ChatRequest request, int answers) {
        requireRunning();
        if (request.sampling().promptLogprobs() != null) {
            throw new InvalidRequestException(
                    "prompt_logprobs",
                    "are not to be had from a server elsewhere, since its answers are streamed: leave it out",
                    "unsupported_value");
        }
        RequestBudget.Share share = budget.take(answers, RequestSize.of(request, answers));
        List<Generation> generations = new ArrayList<>(answers);
        try {
            begin(request, answers, share, generations);
            return generations;
        } catch (RuntimeException | Error e) {
            // Those that have begun have no reader.
            generations.forEach(Generation::cancel);
            for (int i = generations.size(); i < answers; i++) {
                share.leave();
            }
            throw e;
        }
    }

    /** By one answer that must be one of the texts, and what its server tells of the tokens that it did not choose. */
    @Override
    public Comparison compare(ChatRequest request, List<String> texts, CompletionStage<?> cancellation)
            throws InterruptedException {
        try (Generation generation =
                generate(ToldChoices.question(request, texts), 1, cancellation).get(0)) {
            return ToldChoices.of(texts, generation.await());
        }
    }

    private void begin(ChatRequest request, int answers, RequestBudget.Share share, List<Generation> generations) {
        String model = model();
        List<SeenPicture> pictures = request.messages().stream()
                .flatMap(message -> message.parts().stream())
                .filter(ImagePart.class::isInstance)
                .map(part -> measured((ImagePart) part))
                .toList();
        while (generations.size() < answers) {
            // One request each: not all servers make several answers, and each may be cancelled by itself.
            RequestBody body = RequestBody.of(request, model, generations.size());
            RemoteGeneration generation = new RemoteGeneration(body, model, pictures);
            start(generation, request.timeLimit(), share);
            generations.add(generation);
        }
    }

    private SeenPicture measured(ImagePart part) {
        try {
            return measure.measure(part.image());
        } catch (UnreadablePictureException e) {
            throw e.at(part.place());
        }
    }

    private void requireRunning() {
        if (stopping) {
            throw closed(null);
        }
    }

    private EngineUnavailableException closed(Throwable cause) {
        return new EngineUnavailableException("The engine for " + servers.all() + " is closed or stopping", cause);
    }

    private void start(RemoteGeneration generation, Duration timeLimit, RequestBudget.Share share) {
        active.add(generation);
        try {
            ScheduledFuture<?> limit = timeLimit == null
                    ? null
                    : timer.schedule(() -> generation.stop(Stop.TIME_LIMIT), timeLimit.toNanos(), TimeUnit.NANOSECONDS);
            try {
                threads.execute(() -> run(generation, timeLimit, limit, share));
            } catch (RuntimeException | Error e) {
                cancel(limit);
                throw e;
            }
        } catch (RejectedExecutionException e) {
            leave(generation);
            throw closed(e);
        } catch (RuntimeException | Error e) {
            leave(generation);
            throw e;
        }
        if (closed.getCount() == 0) {
            // Closing has passed this one over.
            generation.stop(Stop.CLOSED);
        }
    }

    private void run(
            RemoteGeneration generation, Duration timeLimit, ScheduledFuture<?> limit, RequestBudget.Share share) {
        Duration patience = timeLimit == null || timeLimit.compareTo(options.retryTimeout()) > 0
                ? options.retryTimeout()
                : timeLimit;
        try {
            count(generation.run(dispatch, patience));
        } finally {
            cancel(limit);
            share.leave();
            leave(generation);
        }
    }

    private static void cancel(ScheduledFuture<?> limit) {
        if (limit != null) {
            limit.cancel(false);
        }
    }

    private void count(Completion completion) {
        if (completion == null) {
            counters.failed();
        } else {
            counters.ended(completion);
        }
    }

    private void leave(RemoteGeneration generation) {
        synchronized (active) {
            active.remove(generation);
            active.notifyAll();
        }
    }

    /** Asks a server for something else than an answer. */
    <T> T ask(Dispatch.Call<T> call) {
        requireRunning();
        try {
            T answer = dispatch.ask(call, options.retryTimeout(), closed);
            if (answer == null) {
                throw closed(null);
            }
            return answer;
        } catch (RejectedExecutionException e) {
            throw closed(e);
        } catch (ServerFailure late) {
            throw late.told();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EngineUnavailableException("The thread that asks was interrupted", e);
        }
    }

    @Override
    public void shutdown(Duration grace) {
        stopping = true;
        long deadline = System.nanoTime() + grace.toNanos();
        try {
            synchronized (active) {
                long left = deadline - System.nanoTime();
                while (!active.isEmpty() && left > 0) {
                    TimeUnit.NANOSECONDS.timedWait(active, left);
                    left = deadline - System.nanoTime();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        close();
    }

    @Override
    public void close() {
        stopping = true;
        closed.countDown();
        Closing.all(
                timer::shutdownNow,
                threads::shutdown,
                () -> Closing.each(active, generation -> generation.stop(Stop.CLOSED)),
                () -> Closing.each(servers.all(), RemoteServer::breakOff),
                () -> http.close(CloseMode.IMMEDIATE));
    }
}
