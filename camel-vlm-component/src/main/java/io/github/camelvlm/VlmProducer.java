package io.github.camelvlm;

import io.github.camelvlm.chat.VlmEngine;
import io.github.camelvlm.exchange.AnswerForm;
import io.github.camelvlm.exchange.AnswerHeaders;
import io.github.camelvlm.exchange.AskedForms;
import io.github.camelvlm.exchange.Classification;
import io.github.camelvlm.exchange.Detection;
import io.github.camelvlm.exchange.ExtractedData;
import io.github.camelvlm.exchange.ListedModels;
import io.github.camelvlm.exchange.PictureBodies;
import io.github.camelvlm.exchange.PictureUrls;
import io.github.camelvlm.exchange.RequestMapper;
import io.github.camelvlm.exchange.ServedNames;
import io.github.camelvlm.exchange.TokenOperations;
import io.github.camelvlm.metrics.EngineObserver;
import io.github.camelvlm.observation.ObservedAnswer;
import io.github.camelvlm.openai.JsonBody;
import io.github.camelvlm.registry.VlmEngines;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckHelper;
import org.apache.camel.health.WritableHealthCheckRepository;
import org.apache.camel.support.DefaultProducer;

/** Sends messages to the engine and writes its answers into them. */
public class VlmProducer extends DefaultProducer {
    private PictureUrls urls;
    private Operation operation;
    private TokenOperations tokens;
    private EngineObserver observer;
    private List<HealthCheck> ownChecks = List.of();
    private WritableHealthCheckRepository healthChecks;

    public VlmProducer(VlmEndpoint endpoint) {
        super(endpoint);
    }

    @Override
    public VlmEndpoint getEndpoint() {
        return (VlmEndpoint) super.getEndpoint();
    }

    private VlmComponent component() {
        return (VlmComponent) getEndpoint().getComponent();
    }

    @Override
    public void process(Exchange exchange) throws Exception {
        Message message = exchange.getMessage();
        switch (getEndpoint().getOperation()) {
            case models ->
                answer(
                        ListedModels.of(
                                getEndpoint().getConfiguration(),
                                message,
                                getEndpoint().engine()),
                        message);
            case tokenize -> answer(tokens.tokenize(message, getEndpoint().engine()), message);
            case detokenize -> answer(tokens.detokenize(message, getEndpoint().engine()), message);
            default -> observe(exchange);
        }
    }

    private void observe(Exchange exchange) throws Exception {
        ObservedAnswer observed = new ObservedAnswer(getEndpoint(), observer);
        AnswerHeaders.remove(exchange.getMessage());
        try {
            operation.answer(exchange, observed);
        } catch (Exception | Error e) {
            observed.failed(e);
            throw e;
        }
    }

    private static void answer(JsonBody answer, Message message) {
        message.setHeader(Exchange.CONTENT_TYPE, "application/json");
        message.setBody(answer);
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        urls = PictureUrls.of(getEndpoint().getConfiguration(), component().keptMedia());
        AskedForms forms =
                new AskedForms(getEndpoint().getConfiguration(), getEndpoint().getCamelContext());
        RequestMapper requests = new RequestMapper(getEndpoint().getConfiguration(), urls, forms);
        requests.requireValid();
        tokens = new TokenOperations(getEndpoint().getConfiguration(), requests);
        observer = VlmEngines.of(getEndpoint().getCamelContext()).observer();
        operation = generating(requests);
        requireTimeToStop();
        registerHealthCheck();
        if (!getEndpoint().getConfiguration().isLazyStart()
                && !Interception.isSkipped(getEndpoint())
                && !component().isRouteToStartLater()) {
            requireServed(getEndpoint().engine(), forms.of(null));
            requireKnownAdapters(requests.adapter(null));
        }
    }

    /** A form that answers cannot be held to is one fault of the route, and not one of each message. */
    private static void requireServed(VlmEngine engine, AnswerForm form) {
        if (form != null) {
            engine.requireServed(form.format());
        }
    }

    /** What the endpoint makes answers by, once its options are checked; null where it makes none. */
    private Operation generating(RequestMapper requests) {
        VlmConfiguration options = getEndpoint().getConfiguration();
        AskedEngine engine = new AskedEngine(getEndpoint(), requests, urls);
        PictureBodies pictures = new PictureBodies(options.getMaxImageBytes(), options.getMaxImages());
        PageOperation pages = new PageOperation(engine, requests);
        return switch (getEndpoint().getOperation()) {
            case describe -> new DescribeOperation(engine, requests, pictures, pages);
            case extract -> {
                requests.requireDataForm();
                yield new ExtractOperation(
                        engine,
                        requests,
                        pictures,
                        new ExtractedData(getEndpoint().getCamelContext()),
                        pages);
            }
            case classify -> {
                Classification classification = new Classification(requests);
                classification.requireValid();
                yield new ClassifyOperation(engine, pictures, classification);
            }
            case detect -> {
                Detection detection = new Detection(options, requests);
                detection.requireValid();
                yield new DetectOperation(engine, pictures, detection);
            }
            case chat -> new ChatOperation(engine, requests);
            case models, tokenize, detokenize -> null;
        };
    }

    /** Of servers elsewhere it is not known which they have. */
    private void requireKnownAdapters(String chosen) {
        VlmConfiguration options = getEndpoint().getConfiguration();
        boolean hasAdapters = options.getAdapters() != null || options.getAdapter() != null;
        if (hasAdapters && !options.getEngine().equals("remote")) {
            ServedNames served = ServedNames.of(options, getEndpoint().engine().info());
            if (chosen != null && !served.adapters().contains(chosen)) {
                throw new IllegalArgumentException(
                        "adapter is " + chosen + ", which adapters does not name: add " + chosen + "=DIRECTORY to it");
            }
        }
    }

    private void requireTimeToStop() {
        long timeout = getEndpoint().getConfiguration().getShutdownTimeout();
        if (timeout < 0) {
            throw new IllegalArgumentException("shutdownTimeout must not be negative, but is " + timeout + " ms");
        }
    }

    private void registerHealthCheck() {
        healthChecks = HealthCheckHelper.getHealthCheckRepository(
                getEndpoint().getCamelContext(), "producers", WritableHealthCheckRepository.class);
        if (healthChecks != null) {
            ownChecks = List.of(new VlmHealthCheck(getEndpoint()), new VlmLivenessCheck(getEndpoint()));
            for (HealthCheck check : ownChecks) {
                check.setEnabled(component().isHealthCheckProducerEnabled());
                healthChecks.addHealthCheck(check);
            }
        }
    }

    @Override
    protected void doStop() throws Exception {
        ownChecks.forEach(check -> healthChecks.removeHealthCheck(check));
        ownChecks = List.of();
        if (urls != null) {
            urls.close();
        }
        super.doStop();
    }
}
