package io.github.camelvlm;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelvlm.goldens.GoldenCase;
import io.github.camelvlm.observation.VlmSpanDecorator;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.opentelemetry2.OpenTelemetryTracer;
import org.junit.jupiter.api.Test;

class SpanTest extends VlmTestSupport {
    private final InMemorySpanExporter exporter = InMemorySpanExporter.create();
    private final SdkTracerProvider provider = SdkTracerProvider.builder()
            .addSpanProcessor(SimpleSpanProcessor.create(exporter))
            .build();

    @Override
    protected CamelContext createCamelContext() throws Exception {
        CamelContext context = super.createCamelContext();
        context.getRegistry().bind("tracer", Tracer.class, provider.get("test"));
        context.getRegistry().bind("propagators", ContextPropagators.class, ContextPropagators.noop());
        OpenTelemetryTracer tracing = new OpenTelemetryTracer();
        tracing.setCamelContext(context);
        tracing.init(context);
        return context;
    }

    @Override
    protected RouteBuilder createRouteBuilder() {
        return new RouteBuilder() {
            @Override
            public void configure() {
                interceptSendToEndpoint("vlm:.*maxTokens=3.*").setHeader("intercepted", constant(true));
                from("direct:intercepted").to("vlm:describe?" + MODEL + "&maxTokens=3");
                from("direct:describe").to("vlm:describe?" + MODEL + "&temperature=0");
                from("direct:chat").to("vlm:chat?" + MODEL);
                from("direct:twice")
                        .to("vlm:describe?" + MODEL)
                        .setBody(constant("{\"prompt\":\"Hello\"}"))
                        .to("vlm:tokenize?" + MODEL);
                from("direct:streamed")
                        .to("vlm:describe?" + MODEL)
                        .setBody(constant(GoldenCase.picture(ONE_SHAPE).bytes()))
                        .to("vlm:describe?" + MODEL + "&streaming=true");
            }
        };
    }

    private List<SpanData> spans(String route, Object body) {
        exporter.reset();
        template().send(route, exchange -> exchange.getMessage().setBody(body));
        return exporter.getFinishedSpanItems().stream()
                .filter(span -> "camel-vlm".equals(span.getAttributes().get(AttributeKey.stringKey("component"))))
                .toList();
    }

    private static byte[] picture() {
        return GoldenCase.picture(ONE_SHAPE).bytes();
    }

    private static String text(SpanData span, String key) {
        return span.getAttributes().get(AttributeKey.stringKey(key));
    }

    private static Long number(SpanData span, String key) {
        return span.getAttributes().get(AttributeKey.longKey(key));
    }

    @Test
    void makesASpanOfARequestAsOpenTelemetryWantsIt() {
        GoldenCase golden = GoldenCase.shapes("describe one-shape.png");

        List<SpanData> spans = spans("direct:describe", picture());

        assertThat(spans).hasSize(1);
        SpanData span = spans.get(0);
        assertThat(span.getName()).isEqualTo("chat shapes-vl");
        assertThat(text(span, "gen_ai.operation.name")).isEqualTo("chat");
        assertThat(text(span, "gen_ai.provider.name")).isEqualTo("camel-vlm");
        assertThat(text(span, "gen_ai.request.model")).isEqualTo("shapes-vl");
        assertThat(text(span, "gen_ai.response.model")).isEqualTo("shapes-vl");
        assertThat(number(span, "gen_ai.usage.input_tokens"))
                .isEqualTo(golden.json().get("prompt_tokens").asLong());
        assertThat(number(span, "gen_ai.usage.output_tokens")).isEqualTo(golden.ints("generated_token_ids").length);
        assertThat(span.getAttributes().get(AttributeKey.stringArrayKey("gen_ai.response.finish_reasons")))
                .containsExactly("stop");
        assertThat(span.getParentSpanContext().isValid()).isTrue();
        assertThat(span.getEndEpochNanos()).isGreaterThan(span.getStartEpochNanos());
    }

    @Test
    void saysOfEachAnswerWhyItEnded() {
        String twoAnswers = "{\"messages\": [{\"role\": \"user\", \"content\": \"Hi\"}], \"n\": 2, \"max_tokens\": 1}";

        SpanData span = spans("direct:chat", twoAnswers).get(0);

        assertThat(span.getAttributes().get(AttributeKey.stringArrayKey("gen_ai.response.finish_reasons")))
                .containsExactly("length", "length");
        assertThat(number(span, "gen_ai.usage.output_tokens")).isEqualTo(2);
    }

    /** Which clients are told as "length". */
    @Test
    void saysOfAnAnswerThatRepeatsItselfThatItDoes() {
        String repeating = "{\"messages\": [{\"role\": \"user\", \"content\": \"Hi\"}], \"max_tokens\": 9,"
                + " \"allowed_token_ids\": [5], \"repetition_detection\": {\"max_pattern_size\": 1, \"min_count\": 3}}";

        SpanData span = spans("direct:chat", repeating).get(0);

        assertThat(span.getAttributes().get(AttributeKey.stringArrayKey("gen_ai.response.finish_reasons")))
                .containsExactly("repetition");
        assertThat(number(span, "gen_ai.usage.output_tokens")).isEqualTo(3);
    }

    @Test
    void saysInTheSpanWhyARequestFailed() {
        SpanData span = spans("direct:describe", new byte[] {1, 2, 3}).get(0);

        assertThat(text(span, "error.type")).isEqualTo("unreadable_picture");
        assertThat(span.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
        assertThat(number(span, "gen_ai.usage.input_tokens")).isNull();
    }

    @Test
    void countsNoTokensForWhatGeneratesNothing() {
        List<SpanData> spans = spans("direct:twice", picture());

        assertThat(spans).extracting(SpanData::getName).containsExactly("chat shapes-vl", "tokenize");
        assertThat(text(spans.get(1), "gen_ai.operation.name")).isNull();
        assertThat(number(spans.get(1), "gen_ai.usage.input_tokens")).isNull();
    }

    @Test
    void takesNoCountsOfAnEarlierAnswerForThoseOfAStream() {
        List<SpanData> spans = spans("direct:streamed", picture());

        assertThat(spans).hasSize(2);
        assertThat(number(spans.get(0), "gen_ai.usage.output_tokens")).isPositive();
        assertThat(number(spans.get(1), "gen_ai.usage.output_tokens")).isNull();
        assertThat(text(spans.get(1), "gen_ai.response.id")).startsWith("chatcmpl-");
    }

    @Test
    void makesASpanOfARequestThatARouteIntercepts() {
        List<SpanData> spans = spans("direct:intercepted", picture());

        assertThat(spans)
                .filteredOn(span -> span.getName().equals("chat shapes-vl"))
                .singleElement()
                .satisfies(span ->
                        assertThat(number(span, "gen_ai.usage.output_tokens")).isEqualTo(3));
    }

    @Test
    void keepsPicturesPromptsAndAnswersOutOfSpans() {
        assertThat(spans("direct:describe", picture()).toString()).doesNotContain("diamond", "Describe this image");
    }

    @Test
    void isFoundForTheComponentByItsName() {
        assertThat(new VlmSpanDecorator().getComponentClassName()).isEqualTo(VlmComponent.class.getName());
    }
}
