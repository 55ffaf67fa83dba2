package io.github.camelvlm.metrics;

import io.github.camelvlm.chat.Completion;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;

/** Times and counts requests under the names, and in the buckets, of OpenTelemetry's conventions. */
final class GenAiMeters {
    private static final double[] OPERATION_SECONDS = {
        .01, .02, .04, .08, .16, .32, .64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92
    };
    private static final double[] FIRST_TOKEN_SECONDS = {
        .001, .005, .01, .02, .04, .06, .08, .1, .25, .5, .75, 1, 2.5, 5, 7.5, 10
    };
    private static final double[] TOKEN_SECONDS = {.01, .025, .05, .075, .1, .15, .2, .3, .4, .5, .75, 1, 2.5};
    private static final double[] TOKENS = {1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576};

    private final MeterRegistry registry;

    GenAiMeters(MeterRegistry registry) {
        this.registry = registry;
    }

    void record(ObservedRequest request) {
        Tags tags = Tags.of(
                GenAi.OPERATION_NAME,
                GenAi.CHAT,
                GenAi.PROVIDER_NAME,
                GenAi.PROVIDER,
                GenAi.REQUEST_MODEL,
                request.model(),
                GenAi.RESPONSE_MODEL,
                request.model());
        // Prometheus wants the same labels on every series of a name.
        Tags withError = tags.and(GenAi.ERROR_TYPE, request.failure() == null ? "" : ErrorKind.of(request.failure()));
        timer("gen_ai.client.operation.duration", "From the message until the answer", withError, OPERATION_SECONDS)
                .record(request.duration());
        if (request.completions().isEmpty()) {
            return;
        }
        tokens("input", request.usage().promptTokens(), tags);
        tokens("output", request.usage().completionTokens(), tags);
        for (Completion answer : request.completions()) {
            Duration first = answer.timings().firstToken();
            if (first != null) {
                timer("gen_ai.server.time_to_first_token", "Until the first token", tags, FIRST_TOKEN_SECONDS)
                        .record(first);
            }
            if (OutputPace.isKnown(answer)) {
                timer("gen_ai.server.time_per_output_token", "Between tokens, on average", tags, TOKEN_SECONDS)
                        .record(OutputPace.of(answer));
            }
        }
    }

    private void tokens(String type, int count, Tags tags) {
        DistributionSummary.builder("gen_ai.client.token.usage")
                .description("Tokens of prompts and of answers")
                .tags(tags.and(GenAi.TOKEN_TYPE, type))
                .serviceLevelObjectives(TOKENS)
                .register(registry)
                .record(count);
    }

    private Timer timer(String name, String text, Tags tags, double[] seconds) {
        return Timer.builder(name)
                .description(text)
                .tags(tags)
                .serviceLevelObjectives(RequestMeters.durations(seconds))
                .register(registry);
    }
}
