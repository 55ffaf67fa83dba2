package io.github.camelvlm.chat;

import java.util.Locale;

/** Why a generation ended. */
public enum FinishReason {
    /** The model ended its turn, or a stop text appeared. */
    STOP,
    /** The model ended its turn to have tools run. */
    TOOL_CALLS,
    /** The most tokens asked for, or the end of the context, was reached. */
    LENGTH,
    /** It said the same again and again. */
    REPETITION,
    /** The caller cancelled it. */
    CANCELLED,
    /** Its time limit passed. */
    TIME_LIMIT;

    /** The name used in headers and JSON, such as {@code stop}. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
