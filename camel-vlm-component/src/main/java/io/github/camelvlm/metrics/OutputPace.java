package io.github.camelvlm.metrics;

import io.github.camelvlm.chat.Completion;
import java.time.Duration;

/** The time between the tokens of an answer, on average: what came after the first token by the number of those that came. */
final class OutputPace {
    private OutputPace() {}

    /** Whether there was more than one token. */
    static boolean isKnown(Completion answer) {
        return answer.timings().firstToken() != null && answer.usage().completionTokens() > 1;
    }

    static Duration of(Completion answer) {
        return answer.timings()
                .total()
                .minus(answer.timings().firstToken())
                .dividedBy(answer.usage().completionTokens() - 1L);
    }
}
