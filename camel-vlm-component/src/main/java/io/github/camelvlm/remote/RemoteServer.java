package io.github.camelvlm.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.openai.client.OpenAIClient;
import com.openai.client.OpenAIClientImpl;
import com.openai.core.ClientOptions;
import com.openai.core.JsonNumber;
import com.openai.core.JsonString;
import com.openai.core.JsonValue;
import com.openai.models.models.Model;
import io.github.camelvlm.chat.Closing;
import io.github.camelvlm.chat.InvalidRequestException;
import io.github.camelvlm.remote.ServerFailure.Kind;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.core.IntervalFunction;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One of the servers: what is known of it, and whether it is asked at present. One that fails is left out for a time that
 * grows with each failed probe; a probe asks for its models.
 */
final class RemoteServer {
    private static final Logger LOG = LoggerFactory.getLogger(RemoteServer.class);

    private static final Duration PROBE_LIMIT = Duration.ofSeconds(5);
    private static final int PROBE_BYTES = 1_000_000;
    private static final Duration POST_LIMIT = Duration.ofSeconds(60);
    private static final int ANSWER_BYTES = 16_000_000;
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Of so many calls half must have failed on the request itself, as one bad request may anywhere. */
    private static final int FAULTS_LOOKED_AT = 10;

    private static final CircuitBreakerConfig BREAKER = CircuitBreakerConfig.custom()
            .slidingWindowType(CircuitBreakerConfig.SlidingWindowType.COUNT_BASED)
            .slidingWindowSize(FAULTS_LOOKED_AT)
            .minimumNumberOfCalls(FAULTS_LOOKED_AT)
            .failureRateThreshold(50)
            .permittedNumberOfCallsInHalfOpenState(1)
            .waitIntervalFunctionInOpenState(
                    IntervalFunction.ofExponentialBackoff(Duration.ofMillis(500), 2, Duration.ofSeconds(30)))
            .automaticTransitionFromOpenToHalfOpenEnabled(true)
            .build();

    /**
     * A model, or an adapter of one, as a server tells of it.
     *
     * @param contextLength 0 if it is not told
     * @param root its own name, or null
     * @param parent of an adapter, the name of its model; otherwise null
     */
    record Served(String name, int contextLength, String root, String parent) {}

    private final URI baseUrl;
    private final String apiKey;
    private final CloseableHttpClient http;
    private final ScheduledExecutorService timer;
    private final ClientOptions options;
    private final ServerErrors errors;
    private final CircuitBreaker breaker;
    /** What the timer ends. */
    private final Set<Exchange> limited = ConcurrentHashMap.newKeySet();

    private final AtomicInteger inFlight = new AtomicInteger();
    private volatile boolean isClosed;
    private volatile long busyUntil = System.nanoTime();
    private volatile List<Served> models = List.of();
    private final Set<Dispensable> unknown = ConcurrentHashMap.newKeySet();

    private volatile String leftOutFor = "it failed on too many requests";

    /**
     * @param probes runs the probes of a server that is left out
     * @param timer ends probes that take too long
     */
    RemoteServer(
            URI baseUrl, String apiKey, CloseableHttpClient http, Executor probes, ScheduledExecutorService timer) {
        this.baseUrl = baseUrl;
        this.apiKey = apiKey;
        this.http = http;
        this.timer = timer;
        errors = new ServerErrors(baseUrl.toString(), apiKey);
        options = ClientOptions.builder()
                .baseUrl(baseUrl.toString())
                // OpenAI's client insists on one; the exchange takes it out again.
                .apiKey(apiKey == null ? "none" : apiKey)
                .maxRetries(0)
                .httpClient(exchange(PROBE_BYTES))
                .build();
        breaker = CircuitBreaker.of(baseUrl.toString(), BREAKER);
        breaker.getEventPublisher().onStateTransition(event -> {
            switch (event.getStateTransition().getToState()) {
                case HALF_OPEN -> probe(probes);
                case CLOSED -> LOG.info("Server {} answers again", baseUrl);
                default -> LOG.debug("Server {}: {}", baseUrl, event);
            }
        });
    }

    URI baseUrl() {
        return baseUrl;
    }

    ServerErrors errors() {
        return errors;
    }

    /** The models it served when it was probed last; empty if it has not told yet. */
    List<Served> models() {
        return models;
    }

    /** What it is not worth while to ask it for. */
    Set<Dispensable> unknown() {
        return unknown;
    }

    /**
     * Asks it for something no more, unless an answer is of no use without.
     *
     * @param why for the log, which tells it once
     */
    void doesNotKnow(Dispensable what, String why) {
        if (unknown.add(what)) {
            LOG.warn("Server {} {}: it {}", baseUrl, what.loss(), why);
        }
    }

    /** Whether it is thought to answer. */
    boolean isUp() {
        return breaker.getState() == CircuitBreaker.State.CLOSED;
    }

    /** Its URL, and why it is left out if it is. */
    String describe() {
        return isUp() ? baseUrl.toString() : baseUrl + " (" + leftOutFor + ")";
    }

    /** Until when it has asked to be left alone, by {@link System#nanoTime}. */
    long busyUntil() {
        return busyUntil;
    }

    /** The requests that it has in hand. */
    int load() {
        return inFlight.get();
    }

    void enter() {
        inFlight.incrementAndGet();
    }

    void leave() {
        inFlight.decrementAndGet();
    }

    /** A request to it, whose answer has no more bytes than a limit. */
    Exchange exchange(SentPictures pictures, long maxBytes) {
        return new Exchange(http, apiKey, pictures, maxBytes);
    }

    private Exchange exchange(long maxBytes) {
        return exchange(new SentPictures(), maxBytes);
    }

    /** OpenAI's client for one request. */
    OpenAIClient client(Exchange exchange) {
        return new OpenAIClientImpl(options.toBuilder().httpClient(exchange).build());
    }

    /** Notes that it answered. */
    void succeeded() {
        breaker.onSuccess(0, TimeUnit.NANOSECONDS);
    }

    /** Notes that it did not. */
    void failed(ServerFailure failure, Duration backOff) {
        if (failure.kind() == Kind.BUSY || failure.kind() == Kind.UNAVAILABLE) {
            Duration pause = failure.retryAfter() == null ? backOff : failure.retryAfter();
            busyUntil = System.nanoTime() + pause.toNanos();
        }
        switch (failure.kind()) {
            case UNAVAILABLE -> leaveOut(failure);
            // A connection may break without the server's doing, such as one that lay idle.
            case BROKEN -> {
                if (isUp()) {
                    probe();
                }
            }
            case FAULTY -> fault(failure);
            case BUSY, LATE -> LOG.debug("{}", failure.getMessage());
        }
    }

    private void probe(Executor probes) {
        try {
            probes.execute(this::probe);
        } catch (RuntimeException | Error e) {
            // Without a thread for it. The breaker waits for what comes of a probe, and would wait for ever.
            leaveOut(e);
        }
    }

    private void fault(ServerFailure failure) {
        breaker.onError(0, TimeUnit.NANOSECONDS, failure);
        if (!isUp()) {
            LOG.warn("Server {} is left out for a while: {}", baseUrl, failure.getMessage());
        }
    }

    private synchronized void leaveOut(Throwable reason) {
        leftOutFor = ServerErrors.reason(reason);
        if (breaker.getState() == CircuitBreaker.State.CLOSED) {
            LOG.warn("Server {} is left out until it answers again: {}", baseUrl, leftOutFor);
            breaker.transitionToOpenState();
        } else if (breaker.getState() == CircuitBreaker.State.HALF_OPEN) {
            breaker.onError(0, TimeUnit.NANOSECONDS, reason);
        }
    }

    /**
     * Sends JSON to one of vLLM's own paths, which lie beside {@code /v1}.
     *
     * @param pictures those that go where their marks are in the JSON
     * @return the JSON that comes back
     * @throws ServerFailure if another server may be asked
     */
    JsonNode post(String path, JsonNode body, SentPictures pictures) throws ServerFailure {
        URI url = URI.create(baseUrl.toString().replaceAll("/v1$", "") + "/" + path);
        Exchange exchange = exchange(pictures, ANSWER_BYTES);
        ScheduledFuture<?> limit = limit(exchange, POST_LIMIT);
        try {
            return exchange.post(url, JSON.writeValueAsBytes(body));
        } catch (Refusal refusal) {
            if (refusal.status() == 405
                    || refusal.status() == 404 && !refusal.body().has("error")) {
                throw new InvalidRequestException(
                        path,
                        "is not served at " + url + ": the servers must be vLLM's, or other instances of this service",
                        "unsupported_value");
            }
            throw errors.read(refusal);
        } catch (IOException e) {
            throw errors.broken(e);
        } finally {
            forget(exchange, limit);
            exchange.breakOff();
        }
    }

    /** Asks for its models, and takes it in or leaves it out by what comes back. */
    void probe() {
        Exchange exchange = exchange(PROBE_BYTES);
        ScheduledFuture<?> limit = limit(exchange, PROBE_LIMIT);
        try {
            models = client(exchange).models().list().data().stream()
                    .map(RemoteServer::served)
                    .toList();
            succeeded();
        } catch (Refusal e) {
            if (e.status() >= 500) {
                leaveOut(e);
            } else {
                // It is there. Why it does not tell is told to the request that asks it for an answer.
                LOG.warn("Server {} does not tell its models: status {}", baseUrl, e.status());
                succeeded();
            }
        } catch (RuntimeException | Error e) {
            if (!isClosed) {
                leaveOut(
                        limit.isDone()
                                ? new TimeoutException("no answer within " + PROBE_LIMIT.toSeconds() + " s")
                                : reason(e));
            }
        } finally {
            forget(exchange, limit);
        }
    }

    private ScheduledFuture<?> limit(Exchange exchange, Duration time) {
        limited.add(exchange);
        try {
            return timer.schedule(exchange::breakOff, time.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RuntimeException | Error e) {
            limited.remove(exchange);
            throw e;
        }
    }

    private void forget(Exchange exchange, ScheduledFuture<?> limit) {
        limit.cancel(false);
        limited.remove(exchange);
    }

    /** Ends all but the requests for answers, once the timer that would end them is shut down. */
    void breakOff() {
        isClosed = true;
        Closing.each(limited, Exchange::breakOff);
    }

    private static Throwable reason(Throwable e) {
        return e.getCause() instanceof IOException cause ? cause : e;
    }

    private static Served served(Model model) {
        JsonValue length = model._additionalProperties().get("max_model_len");
        return new Served(
                model.id(),
                length instanceof JsonNumber number ? number.value().intValue() : 0,
                text(model, "root"),
                text(model, "parent"));
    }

    private static String text(Model model, String field) {
        return model._additionalProperties().get(field) instanceof JsonString text ? text.value() : null;
    }

    @Override
    public String toString() {
        return baseUrl.toString();
    }
}
