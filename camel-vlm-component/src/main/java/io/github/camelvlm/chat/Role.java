package io.github.camelvlm.chat;

import java.util.Locale;

/** Who speaks in a {@link Message}. */
public enum Role {
    SYSTEM,
    USER,
    ASSISTANT,
    /** A tool that the assistant asked for; it says its result. */
    TOOL;

    /** The name that chat templates and OpenAI's format use, such as {@code user}. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
