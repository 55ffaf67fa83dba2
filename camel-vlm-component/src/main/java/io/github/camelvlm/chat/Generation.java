package io.github.camelvlm.chat;

import java.util.Optional;

/**
 * An answer in the making. Closing it cancels it if it still runs.
 *
 * <p>One thread reads it; any thread may cancel it. What is not read waits, and holds no other request up.
 */
public interface Generation extends AutoCloseable {

    /**
     * Waits for the next piece of the answer.
     *
     * @return the next piece, or empty when the answer is complete
     * @throws InterruptedException if the calling thread is interrupted; the generation goes on
     * @throws VlmException if the engine failed or was closed
     */
    Optional<Delta> next() throws InterruptedException;

    /** Whether {@link #next} would answer at once. */
    boolean isReady();

    /**
     * What the prompt cost, without a token of the answer: known no later than the first piece, where this process
     * computes it; empty before, and where a server elsewhere tells it at the end.
     */
    default Optional<Usage> promptUsage() {
        return Optional.empty();
    }

    /**
     * Sets who is told that {@link #next} has something new, so that one thread can read several generations.
     *
     * @param listener run by the engine's thread after each piece and after the end, so it must be quick; run once at
     *     once, for what has come already
     */
    void onProgress(Runnable listener);

    /**
     * Sets one more that is told of the end, whether the answer is read or not.
     *
     * @param action run once, by the engine's thread, so it must be quick; at once if the answer has ended
     */
    void onEnd(Runnable action);

    /**
     * Waits for the end and returns the whole answer, pieces already read included.
     *
     * @throws InterruptedException if the calling thread is interrupted; the generation goes on
     * @throws VlmException if the engine failed or was closed
     */
    Completion await() throws InterruptedException;

    /** Asks for the end; the answer so far ends with {@link FinishReason#CANCELLED}. Nothing happens if it has ended. */
    void cancel();

    @Override
    default void close() {
        cancel();
    }
}
