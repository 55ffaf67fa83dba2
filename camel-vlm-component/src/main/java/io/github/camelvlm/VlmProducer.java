package io.github.camelvlm;

import io.github.camelvlm.chat.ChatRequest;
import io.github.camelvlm.chat.Completion;
import io.github.camelvlm.chat.EncodedImage;
import io.github.camelvlm.chat.Generation;
import io.github.camelvlm.openai.ChatCompletion;
import io.github.camelvlm.openai.ChatCompletionRequest;
import java.time.Instant;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckHelper;
import org.apache.camel.health.WritableHealthCheckRepository;
import org.apache.camel.support.DefaultProducer;

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
        Completion completion = answer(requests.describe(images, message));
        writeHeaders(completion, message);
        message.setBody(completion.text());
    }

    private void chat(Exchange exchange) throws Exception {
        Message message = exchange.getMessage();
        ChatCompletionRequest request = requests.read(message);
        Completion completion = answer(requests.chat(request, message));
        ChatCompletion result = ChatCompletion.of(completion, Instant.now());
        writeHeaders(completion, message);
        message.setHeader(VlmConstants.RESPONSE_ID, result.id());
        message.setHeader(Exchange.CONTENT_TYPE, "application/json");
        message.setBody(result);
    }

    private Completion answer(ChatRequest request) throws InterruptedException {
        // Closing cancels: an interrupted route leaves no generation running that nobody reads.
        try (Generation generation = getEndpoint().engine().generate(request)) {
            return generation.await();
        }
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
