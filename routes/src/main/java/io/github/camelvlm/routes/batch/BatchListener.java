package io.github.camelvlm.routes.batch;

/** Is told how far a batch is. */
public interface BatchListener {
    /**
     * A line more is answered, now or by an earlier run. Called by the thread that answers the batch.
     *
     * @param count of all lines so far
     */
    void answered(BatchCount count);
}
