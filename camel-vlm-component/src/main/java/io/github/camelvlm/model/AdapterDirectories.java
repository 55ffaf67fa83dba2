package io.github.camelvlm.model;

import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The adapters that a model is loaded with.
 *
 * @param merged those that become a part of it, in order
 * @param beside those that requests choose, by the names that they give them, in order
 */
public record AdapterDirectories(List<Path> merged, Map<String, Path> beside) {
    /** None. */
    public static final AdapterDirectories NONE = new AdapterDirectories(List.of(), Map.of());

    public AdapterDirectories {
        merged = List.copyOf(merged);
        beside = Collections.unmodifiableMap(new LinkedHashMap<>(beside));
    }
}
