package io.github.camelvlm.engine;

/**
 * Keys and values to be copied within the KV cache.
 *
 * @param from the place of the first token
 * @param to where it goes
 * @param tokens their number
 */
record CacheCopy(int from, int to, int tokens) {}
