package io.github.camelvlm;

import io.github.camelvlm.chat.ChatRequest;
import io.github.camelvlm.chat.Completion;
import io.github.camelvlm.chat.EncodedImage;
import io.github.camelvlm.chat.Generation;
import io.github.camelvlm.openai.ChatCompletion;
import io.github.camelvlm.openai.ChatCompletionRequest;
import io.github.camelvlm.openai.ChunkStream;
import io.github.camelvlm.openai.ResponseMetadata;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckHelper;
import org.apache.camel.health.WritableHealthCheckRepository;
import org.apache.camel.support.DefaultProducer;
import org.apache.camel.support.SynchronizationAdapter;

/** Sends messages to the engine and writes its answers into them. */
public class VlmProducer extends DefaultProducer {
    private final RequestMapper requests;
    private final PictureBodies pictures;
    private HealthCheck healthCheck;
    private WritableHealthCheckRepository healthChecks;

    public VlmProducer(VlmEndpoint endpoint) {
        super(endpoint);
        requests = new RequestMapper(endpoint.getConfiguration());
        pictures = new PictureBodies(endpoint.getConfiguration().getMaxImageBytes());
    }

    @Override
    public VlmEndpoint getEndpoint() {
        return (VlmEndpoint) super.getEndpoint();
    }

    @Override
    public void process(Exchange exchange) throws Exception {
        switch (getEndpoint().getOperation()) {
            case describe -> describe(exchange);
            case chat -> chat(exchange);
        }
    }

    private void describe(Exchange exchange) throws InterruptedException {
        Message message = exchange.getMessage();
        List<EncodedImage> images = pictures.read(message.getBody(), exchange);
        ChatRequest request = requests.describe(images, message);
        if (requests.isStreamed(null, message)) {
            stream(request, false, exchange);
        } else {
            Completion completion = answer(request);
            writeHeaders(completion, message);
            message.setBody(completion.text());
        }
    }

    private void chat(Exchange exchange) throws InterruptedException {
        Message message = exchange.getMessage();
        ChatCompletionRequest asked = requests.read(message);
        ChatRequest request = requests.chat(asked, message);
        if (requests.isStreamed(asked.stream(), message)) {
            stream(request, asked.isUsageIncluded(), exchange);
        } else {
            Completion completion = answer(request);
            ChatCompletion result = ChatCompletion.of(List.of(completion), metadata());
            writeHeaders(completion, message);
            message.setHeader(VlmConstants.RESPONSE_ID, result.id());
            message.setHeader(Exchange.CONTENT_TYPE, "application/json");
            message.setBody(result);
        }
    }

    private Completion answer(ChatRequest request) throws InterruptedException {
        // Closing cancels: an interrupted route leaves no generation running that nobody reads.
        try (Generation generation = getEndpoint().engine().generate(request)) {
            return generation.await();
        }
    }

    private void stream(ChatRequest request, boolean includeUsage, Exchange exchange) {
        ResponseMetadata metadata = metadata();
        ChunkStream chunks = new ChunkStream(List.of(getEndpoint().engine().generate(request)), metadata, includeUsage);
        // Whoever reads the chunks does so within the exchange; nothing runs on for one that has gone.
        exchange.getExchangeExtension().addOnCompletion(new SynchronizationAdapter() {
            @Override
            public void onDone(Exchange done) {
                chunks.close();
            }
        });
        Message message = exchange.getMessage();
        message.setHeader(VlmConstants.RESPONSE_MODEL, metadata.model());
        message.setHeader(VlmConstants.RESPONSE_ID, metadata.id());
        message.setBody(chunks);
    }

    private ResponseMetadata metadata() {
        return ResponseMetadata.create(getEndpoint().engine().model(), null);
    }

    private static void writeHeaders(Completion completion, Message message) {
        message.setHeader(VlmConstants.RESPONSE_MODEL, completion.model());
        message.setHeader(VlmConstants.FINISH_REASON, completion.finishReason().wireName());
        message.setHeader(VlmConstants.PROMPT_TOKENS, completion.usage().promptTokens());
        message.setHeader(VlmConstants.COMPLETION_TOKENS, completion.usage().completionTokens());
        message.setHeader(VlmConstants.TOTAL_TOKENS, completion.usage().totalTokens());
        message.setHeader(
                VlmConstants.TOTAL_MILLIS, completion.timings().total().toMillis());
        if (completion.timings().firstToken() != null) {
            message.setHeader(
                    VlmConstants.FIRST_WORD_MILLIS,
                    completion.timings().firstToken().toMillis());
        }
        if (!completion.pictures().isEmpty()) {
            message.setHeader(
                    VlmConstants.IMAGE_WIDTH, completion.pictures().get(0).width());
            message.setHeader(
                    VlmConstants.IMAGE_HEIGHT, completion.pictures().get(0).height());
        }
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        requests.requireValid();
        registerHealthCheck();
        if (!getEndpoint().getConfiguration().isLazyStart()) {
            getEndpoint().engine();
        }
    }

    private void registerHealthCheck() {
        healthChecks = HealthCheckHelper.getHealthCheckRepository(
                getEndpoint().getCamelContext(), "producers", WritableHealthCheckRepository.class);
        if (healthChecks != null) {
            healthCheck = new VlmHealthCheck(getEndpoint());
            healthCheck.setEnabled(((VlmComponent) getEndpoint().getComponent()).isHealthCheckProducerEnabled());
            healthChecks.addHealthCheck(healthCheck);
        }
    }

    @Override
    protected void doStop() throws Exception {
        if (healthCheck != null) {
            healthChecks.removeHealthCheck(healthCheck);
            healthCheck = null;
        }
        super.doStop();
    }
}
