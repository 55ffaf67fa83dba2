package io.github.camelvlm.model;

import java.util.List;
import java.util.Map;

/**
 * A model's weights on disk.
 *
 * @param stored what is stored of each, by its name
 * @param changes what adapters add to some of them, in order, by their names
 */
public record Weights(Map<String, StoredWeight> stored, Map<String, List<LowRank>> changes) {}
