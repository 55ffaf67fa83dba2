package io.github.camelvlm.chat;

import java.util.EnumMap;
import java.util.Map;

/**
 * What an engine is doing, and has done since it was loaded.
 *
 * @param running the requests that are being answered
 * @param waiting the requests that wait for a place
 * @param cacheUse the share of the KV cache that is taken, from 0 to 1
 * @param ended the requests that have ended, by reason
 * @param failed the requests that ended with an error
 * @param promptTokens the tokens of their prompts
 * @param cachedTokens those of them whose keys and values were taken over from an earlier prompt
 * @param completionTokens the tokens of their answers
 * @param pictures the pictures of their prompts
 * @param knownPictures those of them that did not have to be encoded, since they had been for an earlier prompt
 * @param drafts the times that guesses at the next tokens of an answer were computed along with a token
 * @param draftTokens the tokens so guessed
 * @param acceptedTokens those of them that were right
 */
public record EngineStatistics(
        int running,
        int waiting,
        double cacheUse,
        Map<FinishReason, Long> ended,
        long failed,
        long promptTokens,
        long cachedTokens,
        long completionTokens,
        long pictures,
        long knownPictures,
        long drafts,
        long draftTokens,
        long acceptedTokens) {
    /** Nothing yet. */
    public static final EngineStatistics NONE = new EngineStatistics(0, 0, 0, Map.of(), 0, 0, 0, 0, 0, 0, 0, 0, 0);

    public EngineStatistics {
        ended = Map.copyOf(ended);
    }

    /** What two engines are doing together; the share of the cache is that of the fuller one. */
    public EngineStatistics plus(EngineStatistics other) {
        Map<FinishReason, Long> both = new EnumMap<>(FinishReason.class);
        both.putAll(ended);
        other.ended.forEach((reason, count) -> both.merge(reason, count, Long::sum));
        return new EngineStatistics(
                running + other.running,
                waiting + other.waiting,
                Math.max(cacheUse, other.cacheUse),
                both,
                failed + other.failed,
                promptTokens + other.promptTokens,
                cachedTokens + other.cachedTokens,
                completionTokens + other.completionTokens,
                pictures + other.pictures,
                knownPictures + other.knownPictures,
                drafts + other.drafts,
                draftTokens + other.draftTokens,
                acceptedTokens + other.acceptedTokens);
    }
}
