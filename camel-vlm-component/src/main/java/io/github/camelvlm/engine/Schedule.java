package io.github.camelvlm.engine;

import java.util.List;

/**
 * What a step computes.
 *
 * @param copies what new sequences take over from others, to be copied first and in this order
 * @param slices the parts of pictures to encode next
 * @param sequences those that take part, each told how many tokens it computes
 * @param prefillTokens the prompt tokens among those
 * @param riders the most tokens that may ride along with each sequence that decodes
 */
record Schedule(
        List<CacheCopy> copies, List<PictureSlice> slices, List<Sequence> sequences, int prefillTokens, int riders) {
    /** Half blocks and patches multiplied. */
    long encodingWork() {
        return slices.stream().mapToLong(PictureSlice::work).sum();
    }
}
