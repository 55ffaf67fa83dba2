package io.github.camelvlm.metrics;

import io.github.camelvlm.chat.Completion;
import io.github.camelvlm.chat.Usage;
import java.time.Duration;
import java.util.List;

/**
 * A request that has ended.
 *
 * @param model the name of the model; never a client's own word, since each makes time series of its own
 * @param duration from the message until the last answer
 * @param completions the answers; none if it failed
 * @param answers how many answers there are of each prompt
 * @param failure why it failed, or null
 */
public record ObservedRequest(
        String model, Duration duration, List<Completion> completions, int answers, Throwable failure) {
    public ObservedRequest {
        completions = List.copyOf(completions);
    }

    /** What its answers cost together. */
    Usage usage() {
        return completions.isEmpty()
                ? new Usage(0, 0)
                : Usage.of(completions.stream().map(Completion::usage).toList(), answers);
    }
}
