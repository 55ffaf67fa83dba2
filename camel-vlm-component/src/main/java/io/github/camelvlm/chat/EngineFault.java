package io.github.camelvlm.chat;

import java.util.Locale;

/**
 * What keeps an engine from answering any request.
 *
 * @param kind what it is, in a word
 * @param message what was last said of it
 */
public record EngineFault(Kind kind, String message) {

    /** The kinds of faults. */
    public enum Kind {
        /** There is no memory, of the machine, of a GPU or of the JVM, for what a request takes at least. */
        OUT_OF_MEMORY,
        /** The model's numbers are not finite: its weights are broken, or its type is too narrow for them. */
        NOT_FINITE,
        /** Calls of native code fail, as all do after an error that a GPU cannot recover from. */
        NATIVE_CALL,
        /** Something else fails, or the thread that computes has ended. */
        INTERNAL;

        /** The name used in metrics, such as {@code out_of_memory}. */
        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
