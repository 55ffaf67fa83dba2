package io.github.camelvlm.engine;

/**
 * A token of a prompt, and how likely it was.
 *
 * @param token its id, its log-probability, and the likeliest ids in its place
 * @param rank its place among all tokens by likelihood, from 1
 */
record ScoredToken(SampledToken token, int rank) {}
