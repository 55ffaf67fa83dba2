package io.github.camelvlm.routes.batch;

/**
 * How a batch went.
 *
 * @param lines how many there are
 * @param failed how many of them were answered by an error
 * @param resumed how many of them an earlier run has answered
 */
public record BatchCount(long lines, long failed, long resumed) {
    BatchCount with(boolean isFailure, boolean isResumed) {
        return new BatchCount(lines + 1, failed + (isFailure ? 1 : 0), resumed + (isResumed ? 1 : 0));
    }

    /** Such as {@code 1000 lines, 2 of them failed, 300 answered before}. */
    @Override
    public String toString() {
        return lines + (lines == 1 ? " line" : " lines") + ", " + failed + " failed"
                + (resumed > 0 ? ", " + resumed + " answered before" : "");
    }
}
