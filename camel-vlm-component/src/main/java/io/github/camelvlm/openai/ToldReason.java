package io.github.camelvlm.openai;

import io.github.camelvlm.chat.FinishReason;

/**
 * The end of an answer as clients are told it. They may throw away an answer that ended for a reason that OpenAI does not
 * have, so such an answer is told as one that was cut.
 *
 * @param name a reason that OpenAI has
 * @param ownName the true reason where it is another one; otherwise null
 */
public record ToldReason(String name, String ownName) {
    /** What vLLM tells beside the reason of an answer that ended since it repeated itself. */
    private static final String REPETITION_DETECTED = "repetition_detected";

    /** What vLLM tells beside a reason; null if that is nothing. */
    public static String stopReason(String ownName) {
        return FinishReason.REPETITION.wireName().equals(ownName) ? REPETITION_DETECTED : null;
    }

    static ToldReason of(FinishReason reason) {
        return switch (reason) {
            case STOP, TOOL_CALLS, LENGTH -> new ToldReason(reason.wireName(), null);
            case CANCELLED, TIME_LIMIT, REPETITION -> new ToldReason(FinishReason.LENGTH.wireName(), reason.wireName());
        };
    }
}
