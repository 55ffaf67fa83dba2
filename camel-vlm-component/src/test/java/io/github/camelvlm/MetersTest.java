package io.github.camelvlm;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelvlm.goldens.GoldenCase;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MetersTest {
    private static final String DESCRIBE = "vlm:describe?" + VlmTestSupport.MODEL + "&temperature=0";

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private CamelContext context;

    private static byte[] picture() {
        return GoldenCase.picture(VlmTestSupport.ONE_SHAPE).bytes();
    }

    private ProducerTemplate start() {
        context = new DefaultCamelContext();
        context.getRegistry().bind("meters", registry);
        context.start();
        return context.createProducerTemplate();
    }

    /** The answer is out a moment before the engine's thread counts it. */
    private void describe(ProducerTemplate template) {
        template.requestBody(DESCRIBE, picture());
        long start = System.nanoTime();
        while (answered() < 1) {
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
            Thread.onSpinWait();
        }
    }

    private double answered() {
        return registry.get("vlm.request.success")
                .tag("finished_reason", "stop")
                .functionCounter()
                .count();
    }

    @AfterEach
    void stop() {
        context.stop();
    }

    @Test
    void tellsARouteWithoutHttpUnderTheNamesOfVllm() {
        GoldenCase golden = GoldenCase.shapes("describe one-shape.png");
        int prompt = golden.json().get("prompt_tokens").asInt();
        int generated = golden.ints("generated_token_ids").length;
        ProducerTemplate template = start();

        describe(template);

        assertThat(registry.scrape().lines())
                .contains(
                        "vlm_num_requests_running{model_name=\"shapes-vl\"} 0.0",
                        "vlm_num_requests_waiting{model_name=\"shapes-vl\"} 0.0",
                        "vlm_request_success_total{finished_reason=\"stop\",model_name=\"shapes-vl\"} 1.0",
                        "vlm_prompt_tokens_total{model_name=\"shapes-vl\"} " + (double) prompt,
                        "vlm_generation_tokens_total{model_name=\"shapes-vl\"} " + (double) generated,
                        "vlm_prefix_cache_queries_total{model_name=\"shapes-vl\"} " + (double) prompt,
                        "vlm_prefix_cache_hits_total{model_name=\"shapes-vl\"} 0.0",
                        "vlm_mm_cache_hits_total{model_name=\"shapes-vl\"} 0.0",
                        "vlm_time_to_first_token_seconds_count{model_name=\"shapes-vl\"} 1",
                        "vlm_time_to_first_token_seconds_bucket{model_name=\"shapes-vl\",le=\"+Inf\"} 1",
                        "vlm_request_time_per_output_token_seconds_count{model_name=\"shapes-vl\"} 1",
                        "vlm_inter_token_latency_seconds_count{model_name=\"shapes-vl\"} " + (generated - 1),
                        "vlm_inter_token_latency_seconds_bucket{model_name=\"shapes-vl\",le=\"80.0\"} "
                                + (generated - 1),
                        "vlm_e2e_request_latency_seconds_count{model_name=\"shapes-vl\"} 1",
                        "vlm_request_prompt_tokens_sum{model_name=\"shapes-vl\"} " + (double) prompt,
                        "vlm_request_generation_tokens_sum{model_name=\"shapes-vl\"} " + (double) generated)
                .anyMatch(line -> line.startsWith("vlm_kv_cache_usage_perc{model_name=\"shapes-vl\"} "))
                .anyMatch(line -> line.startsWith("vlm_spec_decode_num_draft_tokens_total{model_name=\"shapes-vl\"} "))
                .anyMatch(line -> line.startsWith("vlm_spec_decode_num_accepted_tokens_total{model_name="));
    }

    @Test
    void timesEachGapBetweenTokensWithinTheTimeOfTheAnswer() {
        ProducerTemplate template = start();

        describe(template);

        double afterTheFirst = seconds("vlm.e2e.request.latency") - seconds("vlm.time.to.first.token");
        assertThat(seconds("vlm.inter.token.latency")).isPositive().isLessThanOrEqualTo(afterTheFirst);
    }

    private double seconds(String name) {
        return registry.get(name).timer().totalTime(TimeUnit.SECONDS);
    }

    @Test
    void tellsOfRequestsUnderTheNamesOfOpenTelemetry() {
        GoldenCase golden = GoldenCase.shapes("describe one-shape.png");
        String labels = "gen_ai_operation_name=\"chat\",gen_ai_provider_name=\"camel-vlm\","
                + "gen_ai_request_model=\"shapes-vl\",gen_ai_response_model=\"shapes-vl\"";
        ProducerTemplate template = start();

        template.requestBody(DESCRIBE, picture());

        assertThat(registry.scrape().lines())
                .contains(
                        "gen_ai_client_operation_duration_seconds_count{error_type=\"\"," + labels + "} 1",
                        "gen_ai_server_time_to_first_token_seconds_count{" + labels + "} 1",
                        "gen_ai_server_time_per_output_token_seconds_count{" + labels + "} 1",
                        "gen_ai_client_token_usage_sum{" + labels + ",gen_ai_token_type=\"input\"} "
                                + golden.json().get("prompt_tokens").asDouble(),
                        "gen_ai_client_token_usage_sum{" + labels + ",gen_ai_token_type=\"output\"} "
                                + (double) golden.ints("generated_token_ids").length);
    }

    @Test
    void countsFailuresByTheirKind() {
        ProducerTemplate template = start();

        template.request(DESCRIBE, exchange -> exchange.getMessage().setBody(picture()));
        template.request(DESCRIBE, exchange -> exchange.getMessage().setBody(new byte[] {1, 2, 3}));
        template.request(DESCRIBE, exchange -> exchange.getMessage().setBody(17));
        template.request(DESCRIBE + "&contextLength=0", exchange -> {
            exchange.getMessage().setHeader(VlmConstants.PROMPT, "word ".repeat(5000));
            exchange.getMessage().setBody(picture());
        });

        assertThat(registry.scrape().lines())
                .contains(
                        "vlm_request_errors_total{kind=\"unreadable_picture\",model_name=\"shapes-vl\"} 1.0",
                        "vlm_request_errors_total{kind=\"invalid_request\",model_name=\"shapes-vl\"} 1.0",
                        "vlm_request_errors_total{kind=\"context_length\",model_name=\"shapes-vl\"} 1.0")
                .anyMatch(line -> line.startsWith(
                        "gen_ai_client_operation_duration_seconds_count{" + "error_type=\"unreadable_picture\""));
    }

    @Test
    void timesStreamedAnswersToo() throws Exception {
        ProducerTemplate template = start();
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:streamed")
                        .to(DESCRIBE + "&streaming=true")
                        .split(body())
                        .streaming()
                        .to("mock:chunks");
            }
        });

        template.requestBody("direct:streamed", picture());

        assertThat(registry.scrape().lines())
                .contains("vlm_time_to_first_token_seconds_count{model_name=\"shapes-vl\"} 1");
    }

    @Test
    void tellsEachNumberOnceWhereARegistryHoldsTheOthers() {
        CompositeMeterRegistry all = new CompositeMeterRegistry();
        all.add(registry);
        context = new DefaultCamelContext();
        context.getRegistry().bind("prometheus", registry);
        context.getRegistry().bind("all", all);
        context.start();
        ProducerTemplate template = context.createProducerTemplate();
        template.requestBody(DESCRIBE, picture());

        assertThat(registry.get("vlm.time.to.first.token").timer().count()).isEqualTo(1);
    }

    @Test
    void givesTheNamesFreeForTheNextContext() {
        for (int i = 0; i < 2; i++) {
            ProducerTemplate template = start();

            describe(template);

            assertThat(answered()).isEqualTo(1);
            context.stop();
            assertThat(registry.getMeters())
                    .extracting(meter -> meter.getId().getName())
                    .doesNotContain("vlm.request.success", "vlm.num.requests.running");
        }
    }

    @Test
    void tellsEveryRegistryOfTheContext() {
        SimpleMeterRegistry other = new SimpleMeterRegistry();
        start();
        context.getRegistry().bind("other", other);
        ProducerTemplate template = context.createProducerTemplate();
        template.requestBody(DESCRIBE, picture());

        assertThat(other.getMeters())
                .extracting(Meter::getId)
                .containsAll(registry.getMeters().stream().map(Meter::getId).toList());
    }
}
