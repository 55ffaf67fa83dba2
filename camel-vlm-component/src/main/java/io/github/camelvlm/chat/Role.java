package io.github.camelvlm.chat;

import java.util.Locale;

/** Who speaks in a {@link Message}. */
public enum Role {
    SYSTEM,
    USER,
    ASSISTANT;

    /** The name that chat templates and OpenAI's format use, such as {@code user}. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
