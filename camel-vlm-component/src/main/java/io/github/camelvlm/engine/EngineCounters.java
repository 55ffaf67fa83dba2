package io.github.camelvlm.engine;

import io.github.camelvlm.chat.EngineStatistics;
import io.github.camelvlm.chat.FinishReason;
import java.util.EnumMap;
import java.util.Map;

/** Counts what the engine's thread does, for others to read. */
final class EngineCounters {
    private final Map<FinishReason, Long> ended = new EnumMap<>(FinishReason.class);
    private int running;
    private int waiting;
    private double cacheUse;
    private long failed;
    private long promptTokens;
    private long cachedTokens;
    private long completionTokens;
    private long pictures;
    private long knownPictures;
    private long drafts;
    private long draftTokens;
    private long acceptedTokens;

    /** Notes how things stand after a step. */
    synchronized void observe(Scheduler scheduler) {
        running = scheduler.running();
        waiting = scheduler.waiting();
        cacheUse = scheduler.cacheUse();
    }

    /** Notes the end of a sequence. */
    synchronized void ended(Sequence sequence) {
        if (sequence.finishReason() == null) {
            failed++;
        } else {
            ended.merge(sequence.finishReason(), 1L, Long::sum);
        }
        promptTokens += sequence.prompt().ids().length;
        cachedTokens += sequence.reused();
        completionTokens += sequence.generated();
        pictures += sequence.prompt().pictures().size();
        knownPictures += sequence.knownPictures();
        drafts += sequence.drafter().drafts();
        draftTokens += sequence.drafter().proposed();
        acceptedTokens += sequence.drafter().accepted();
    }

    synchronized EngineStatistics snapshot() {
        return new EngineStatistics(
                running,
                waiting,
                cacheUse,
                ended,
                failed,
                promptTokens,
                cachedTokens,
                completionTokens,
                pictures,
                knownPictures,
                drafts,
                draftTokens,
                acceptedTokens);
    }
}
