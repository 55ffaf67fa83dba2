package io.github.camelvlm.remote;

import io.github.camelvlm.chat.Completion;
import io.github.camelvlm.chat.EngineStatistics;
import io.github.camelvlm.chat.FinishReason;
import io.github.camelvlm.chat.Usage;
import java.util.EnumMap;
import java.util.Map;

/** Counts what has come back from the servers. */
final class RemoteCounters {
    private final Map<FinishReason, Long> ended = new EnumMap<>(FinishReason.class);
    private long failed;
    private long promptTokens;
    private long cachedTokens;
    private long completionTokens;

    synchronized void ended(Completion completion) {
        Usage usage = completion.usage();
        ended.merge(completion.finishReason(), 1L, Long::sum);
        promptTokens += usage.promptTokens();
        cachedTokens += usage.cachedTokens();
        completionTokens += usage.completionTokens();
    }

    synchronized void failed() {
        failed++;
    }

    /** The share of the KV cache is the servers' own affair, so it counts as zero. */
    synchronized EngineStatistics snapshot(int running, int waiting) {
        return new EngineStatistics(
                running, waiting, 0, ended, failed, promptTokens, cachedTokens, completionTokens, 0, 0, 0, 0, 0);
    }
}
