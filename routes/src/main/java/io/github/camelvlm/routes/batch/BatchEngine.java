package io.github.camelvlm.routes.batch;

import io.github.camelvlm.VlmConstants;
import io.github.camelvlm.chat.EngineUnavailableException;
import io.github.camelvlm.chat.QueueFullException;
import io.github.camelvlm.chat.VlmException;
import io.github.camelvlm.openai.JsonBody;
import io.github.camelvlm.openai.OpenAiError;
import io.github.camelvlm.routes.report.FailureReason;
import io.github.camelvlm.routes.report.OptionNames;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.Producer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Has one request of a batch answered, as HTTP would, and waits while the engine has no place for it. */
final class BatchEngine {
    private static final Logger LOG = LoggerFactory.getLogger("camel-vlm");
    private static final long FIRST_DELAY_MILLIS = 500;
    private static final long LONGEST_DELAY_MILLIS = 30_000;
    private static final long TOLD_EVERY_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final CamelContext camel;
    private final int tries;
    private final Map<String, Producer> producers = new ConcurrentHashMap<>();
    private final AtomicLong toldAt = new AtomicLong(System.nanoTime() - TOLD_EVERY_NANOS);

    /** @param tries after how many an engine that cannot answer is told in the answer */
    BatchEngine(CamelContext camel, int tries) {
        this.camel = camel;
        this.tries = tries;
    }

    /**
     * The answer to a request.
     *
     * @throws InterruptedException if the application stops before there is one
     */
    AnswerLine answer(String id, BatchRequest request) throws InterruptedException {
        long delay = FIRST_DELAY_MILLIS;
        for (int attempt = 1; ; attempt++) {
            try {
                return ask(id, request);
            } catch (QueueFullException | EngineUnavailableException e) {
                if (attempt >= tries) {
                    return failed(id, request.customId(), e);
                }
                tell(id, e);
            } catch (InterruptedException e) {
                throw e;
            } catch (Exception | Error e) {
                // A line that fails has failed alone, whatever it was.
                return failed(id, request.customId(), e);
            }
            requireRunning();
            Thread.sleep(delay);
            delay = Math.min(2 * delay, LONGEST_DELAY_MILLIS);
        }
    }

    /** A busy engine is ordinary; one that cannot answer keeps the batch, and that is told from time to time. */
    private void tell(String id, VlmException hindrance) {
        long now = System.nanoTime();
        long before = toldAt.get();
        boolean isTold = hindrance instanceof EngineUnavailableException
                && now - before >= TOLD_EVERY_NANOS
                && toldAt.compareAndSet(before, now);
        if (isTold) {
            LOG.warn("Lines of a batch wait and are tried again: {}", FailureReason.of(hindrance));
        } else {
            LOG.debug("Line {} waits and is tried again: {}", id, hindrance.getMessage());
        }
    }

    /** @throws InterruptedException if the application stops */
    void requireRunning() throws InterruptedException {
        if (camel.isStopping() || camel.isStopped()) {
            throw new InterruptedException("The application stops");
        }
    }

    private AnswerLine ask(String id, BatchRequest request) throws Exception {
        Producer producer = producers.computeIfAbsent(request.url(), this::producer);
        Exchange exchange = producer.getEndpoint().createExchange();
        exchange.getMessage().setBody(request.body());
        producer.process(exchange);
        String body = ((JsonBody) exchange.getMessage().getBody()).toJson();
        String requestId = exchange.getMessage().getHeader(VlmConstants.RESPONSE_ID, String.class);
        return AnswerLine.answered(id, request.customId(), requestId, body);
    }

    private Producer producer(String url) {
        try {
            Endpoint endpoint = camel.getEndpoint(camel.resolvePropertyPlaceholders(BatchOperations.endpoint(url)));
            Producer producer = endpoint.createProducer();
            producer.start();
            return producer;
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("The endpoint of " + url + " cannot be made", e);
        }
    }

    /** @param customId the sender's name for the line; null if it cannot be read */
    static AnswerLine failed(String id, String customId, Throwable failure) {
        OpenAiError error = OpenAiError.of(failure);
        if (error.status() == 500) {
            LOG.error("A line of a batch failed ({})", id, failure);
        }
        return AnswerLine.failed(id, customId, error.worded(OptionNames::in));
    }

    void close() {
        producers.values().forEach(Producer::stop);
    }
}
