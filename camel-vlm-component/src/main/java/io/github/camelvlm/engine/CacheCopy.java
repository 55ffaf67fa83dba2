package io.github.camelvlm.engine;

/**
 * Keys and values that a sequence which starts takes over.
 *
 * @param from the first token's place
 * @param to the sequence, at the beginning of whose slot they are put
 * @param tokens how many
 */
record CacheCopy(int from, Sequence to, int tokens) {}
