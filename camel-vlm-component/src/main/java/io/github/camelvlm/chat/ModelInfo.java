package io.github.camelvlm.chat;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What an engine runs.
 *
 * @param name the name of the model, such as that of its directory
 * @param contextLength the most tokens of prompt and answer together; 0 if that is not known
 * @param dtype the type it computes in, such as {@code bfloat16}, or {@code remote} if a server elsewhere decides
 * @param loadedAt since when it is ready
 * @param merged the adapters that have become a part of it, in order, by their own names
 * @param adapters those that requests may choose: their own names, by the names that requests give them, in order. Of an
 *     engine of several models the others and their adapters too, so that a request chooses any of them in one way
 * @param boxes how it says where things are; null if that is not known
 */
public record ModelInfo(
        String name,
        int contextLength,
        String dtype,
        Instant loadedAt,
        List<String> merged,
        Map<String, String> adapters,
        BoxForm boxes) {
    public ModelInfo {
        merged = List.copyOf(merged);
        adapters = Collections.unmodifiableMap(new LinkedHashMap<>(adapters));
    }

    /** A model without adapters, of which it is not known how it says where things are. */
    public ModelInfo(String name, int contextLength, String dtype, Instant loadedAt) {
        this(name, contextLength, dtype, loadedAt, List.of(), Map.of(), null);
    }
}
