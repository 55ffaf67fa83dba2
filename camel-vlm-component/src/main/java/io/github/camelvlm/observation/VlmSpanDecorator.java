package io.github.camelvlm.observation;

import io.github.camelvlm.exchange.VlmHeaders;
import io.github.camelvlm.metrics.ErrorKind;
import io.github.camelvlm.metrics.GenAi;
import io.github.camelvlm.openai.ChatCompletion;
import io.opentelemetry.api.common.AttributeKey;
import java.util.List;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.spi.InterceptSendToEndpoint;
import org.apache.camel.telemetry.Span;
import org.apache.camel.telemetry.decorators.AbstractSpanDecorator;

/**
 * Names the spans of Camel's tracing, and says in them what was asked and answered, as OpenTelemetry's conventions for
 * generative AI want it. Camel finds it by {@code META-INF/services} if {@code camel-telemetry} is among the
 * dependencies. Nothing of a message goes into a span, and of the endpoint only what Camel says of it, its URI.
 */
public final class VlmSpanDecorator extends AbstractSpanDecorator {

    @Override
    public String getComponent() {
        return "vlm";
    }

    @Override
    public String getComponentClassName() {
        return "io.github.camelvlm.VlmComponent";
    }

    /** As the conventions name it, such as {@code chat shapes-vl}; the operation alone where nothing is generated. */
    @Override
    public String getOperationName(Exchange exchange, Endpoint endpoint) {
        ObservedEndpoint vlm = vlm(endpoint);
        if (vlm == null) {
            return super.getOperationName(exchange, endpoint);
        }
        return vlm.isGenerating() ? clipMaxLength(GenAi.CHAT + " " + vlm.modelName()) : vlm.operationName();
    }

    @Override
    public void beforeTracingEvent(Span span, Exchange exchange, Endpoint endpoint) {
        super.beforeTracingEvent(span, exchange, endpoint);
        ObservedEndpoint vlm = vlm(endpoint);
        if (isGenerating(vlm)) {
            span.setTag(GenAi.OPERATION_NAME, GenAi.CHAT);
            span.setTag(GenAi.PROVIDER_NAME, GenAi.PROVIDER);
            span.setTag(GenAi.REQUEST_MODEL, vlm.modelName());
        }
    }

    @Override
    public void afterTracingEvent(Span span, Exchange exchange) {
        super.afterTracingEvent(span, exchange);
        if (exchange.getException() != null) {
            span.setTag(GenAi.ERROR_TYPE, ErrorKind.of(exchange.getException()));
            return;
        }
        String uri = exchange.getProperty(Exchange.TO_ENDPOINT, String.class);
        if (uri != null && isGenerating(vlm(exchange.getContext().hasEndpoint(uri)))) {
            tellAnswer(span, exchange.getMessage());
        }
    }

    /** Where a route intercepts what is sent to an endpoint, or a test mocks it, Camel puts another in its place. */
    private static ObservedEndpoint vlm(Endpoint endpoint) {
        Endpoint original =
                endpoint instanceof InterceptSendToEndpoint intercepted ? intercepted.getOriginalEndpoint() : endpoint;
        return original instanceof ObservedEndpoint vlm ? vlm : null;
    }

    private static void tellAnswer(Span span, Message message) {
        String model = message.getHeader(VlmHeaders.RESPONSE_MODEL, String.class);
        if (model != null) {
            span.setTag(GenAi.RESPONSE_MODEL, model);
        }
        String id = message.getHeader(VlmHeaders.RESPONSE_ID, String.class);
        if (id != null) {
            span.setTag(GenAi.RESPONSE_ID, id);
        }
        String reason = message.getHeader(VlmHeaders.FINISH_REASON, String.class);
        // Of a streamed answer neither is known yet.
        if (reason != null) {
            TypedAttributes attributes = isOpenTelemetry(span) ? new CurrentSpan() : new Texts(span);
            attributes.list(GenAi.FINISH_REASONS, reasons(message, reason));
            attributes.number(GenAi.INPUT_TOKENS, message.getHeader(VlmHeaders.PROMPT_TOKENS, 0, Integer.class));
            attributes.number(GenAi.OUTPUT_TOKENS, message.getHeader(VlmHeaders.COMPLETION_TOKENS, 0, Integer.class));
        }
    }

    /** One for each answer. */
    private static List<String> reasons(Message message, String first) {
        return message.getBody() instanceof ChatCompletion completion
                ? completion.choices().stream()
                        .map(ChatCompletion.Choice::trueFinishReason)
                        .toList()
                : List.of(first);
    }

    private static boolean isOpenTelemetry(Span span) {
        return span.getClass().getName().startsWith("org.apache.camel.opentelemetry2.");
    }

    /** The conventions want numbers and lists, but Camel's span takes text alone. */
    private interface TypedAttributes {
        void number(String key, long value);

        void list(String key, List<String> values);
    }

    private record Texts(Span span) implements TypedAttributes {
        @Override
        public void number(String key, long value) {
            span.setTag(key, String.valueOf(value));
        }

        @Override
        public void list(String key, List<String> values) {
            span.setTag(key, String.join(",", values));
        }
    }

    /** OpenTelemetry's own span, which is the thread's current one as long as Camel's is open. */
    private static final class CurrentSpan implements TypedAttributes {
        private final io.opentelemetry.api.trace.Span span = io.opentelemetry.api.trace.Span.current();

        @Override
        public void number(String key, long value) {
            span.setAttribute(key, value);
        }

        @Override
        public void list(String key, List<String> values) {
            span.setAttribute(AttributeKey.stringArrayKey(key), values);
        }
    }

    private static boolean isGenerating(ObservedEndpoint endpoint) {
        return endpoint != null && endpoint.isGenerating();
    }
}
