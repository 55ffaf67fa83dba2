package io.github.camelvlm.engine;

import java.util.List;

/**
 * What a step computes.
 *
 * @param copies what new sequences take over from others, to be copied first and in this order
 * @param sequences those that take part, each told how many tokens it computes
 */
record Schedule(List<CacheCopy> copies, List<Sequence> sequences) {}
