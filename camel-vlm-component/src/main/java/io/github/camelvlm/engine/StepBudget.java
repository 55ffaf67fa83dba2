package io.github.camelvlm.engine;

/**
 * How much of a kind of work fits into a step beside decoding, so that running answers do not pause for longer than they
 * may. It is learnt from how long the steps before took, since that depends on the machine, the model and what else runs.
 */
final class StepBudget {
    private final long least;
    private final long most;
    private final long pauseNanos;
    private double size;

    /**
     * @param first the size to begin with
     * @param least a step does this much even if it takes too long
     * @param most bounds the memory of a step
     * @param pauseNanos the time that a whole budget should take
     */
    StepBudget(long first, long least, long most, long pauseNanos) {
        this.least = least;
        this.most = most;
        this.pauseNanos = pauseNanos;
        size = first;
    }

    /** What a share of the budget comes to: nothing if more than a whole one was taken already. */
    long of(double share) {
        return (long) (Math.max(0, share) * size);
    }

    /** The share of the budget that an amount takes. */
    double share(long amount) {
        return amount / size;
    }

    /**
     * A step did work of this kind, or none, and took a time, decoding included. A small part of what would fit tells
     * nothing of the rest, unless even that took too long.
     *
     * @param share the share of the budget that it did
     * @param allShares the shares of all budgets together
     */
    void took(double share, double allShares, long nanos) {
        boolean small = allShares < 1.0 / 3;
        if (share > 0 && (!small || nanos > pauseNanos)) {
            double fitting = (small ? 1 : allShares) * pauseNanos / Math.max(1, nanos);
            size = Math.max(least, Math.min(most, size * Math.min(2, Math.max(0.5, fitting))));
        }
    }
}
