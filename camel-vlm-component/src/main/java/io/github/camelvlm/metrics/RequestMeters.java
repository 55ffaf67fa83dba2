package io.github.camelvlm.metrics;

import io.github.camelvlm.chat.Completion;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/** Times and counts requests under vLLM's names, with {@code vlm} for {@code vllm}, in buckets like its own. */
final class RequestMeters {
    private static final double[] FIRST_TOKEN_SECONDS = {
        .001, .005, .01, .02, .04, .06, .08, .1, .25, .5, .75, 1, 2.5, 5, 7.5, 10, 20, 40, 80, 160
    };
    /** vLLM's, and three below its least, since small models take less. */
    private static final double[] TOKEN_SECONDS = {
        .001, .0025, .005, .01, .025, .05, .075, .1, .15, .2, .3, .4, .5, .75, 1, 2.5, 5, 7.5, 10, 20, 40, 80
    };

    private static final double[] REQUEST_SECONDS = {
        .05, .1, .3, .5, .8, 1, 1.5, 2, 2.5, 5, 10, 15, 20, 30, 40, 50, 60, 120, 240, 480, 960
    };
    private static final double[] TOKENS = {1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 20000, 50000};

    private final MeterRegistry registry;

    RequestMeters(MeterRegistry registry) {
        this.registry = registry;
    }

    void record(ObservedRequest request) {
        if (request.failure() != null) {
            registry.counter(
                            "vlm.request.errors",
                            "model_name",
                            request.model(),
                            "kind",
                            ErrorKind.of(request.failure()))
                    .increment();
            return;
        }
        for (Completion answer : request.completions()) {
            record(request.model(), answer);
        }
    }

    private void record(String model, Completion answer) {
        Duration first = answer.timings().firstToken();
        int generated = answer.usage().completionTokens();
        if (first != null) {
            timer("vlm.time.to.first.token", "Until the first token", model, FIRST_TOKEN_SECONDS)
                    .record(first);
        }
        if (OutputPace.isKnown(answer)) {
            timer("vlm.request.time.per.output.token", "Between tokens, on an answer's average", model, TOKEN_SECONDS)
                    .record(OutputPace.of(answer));
        }
        List<Duration> gaps = answer.timings().betweenTokens();
        if (!gaps.isEmpty()) {
            Timer gap = timer("vlm.inter.token.latency", "From a token to the next", model, TOKEN_SECONDS);
            gaps.forEach(gap::record);
        }
        timer("vlm.e2e.request.latency", "Until the end of the answer", model, REQUEST_SECONDS)
                .record(answer.timings().total());
        summary("vlm.request.prompt.tokens", "Tokens of a prompt", model)
                .record(answer.usage().promptTokens());
        summary("vlm.request.generation.tokens", "Tokens of an answer", model).record(generated);
    }

    private Timer timer(String name, String text, String model, double[] seconds) {
        return Timer.builder(name)
                .description(text)
                .tag("model_name", model)
                .serviceLevelObjectives(durations(seconds))
                .register(registry);
    }

    private DistributionSummary summary(String name, String text, String model) {
        return DistributionSummary.builder(name)
                .description(text)
                .tag("model_name", model)
                .serviceLevelObjectives(TOKENS)
                .register(registry);
    }

    static Duration[] durations(double... seconds) {
        return Arrays.stream(seconds)
                .mapToObj(each -> Duration.ofNanos(Math.round(each * 1e9)))
                .toArray(Duration[]::new);
    }
}
