package io.github.camelvlm.model;

/**
 * What an engine asks of a model's program. One thread at a time may use it. A call that has failed changed nothing that a
 * later one depends on, so that each may be tried again.
 */
public interface ModelProgram extends AutoCloseable {

    /** The bytes that what is kept of a picture takes per token. */
    long pictureBytesPerToken();

    /** The bytes that the keys and values of a token take. */
    long cacheBytesPerToken();

    /** Whether attention is computed by the flash kernel; otherwise by {@code scaled_dot_product_attention}. */
    boolean usesFlash();

    /**
     * Makes room for the keys and values of this many tokens, forgetting those held before.
     *
     * @throws io.github.camelvlm.chat.ModelLoadException if there is not enough memory
     */
    void allocate(int tokens);

    /** The parts that a picture can be encoded in: the attention and the MLP of each block of the vision tower. */
    int halfBlocks();

    /** Lets a picture into the vision tower, under a key of the caller's; one that was there under it is begun anew. */
    void begin(long key, ProcessedImage image);

    /**
     * Takes a picture that was {@link #begin begun} through half blocks. After the last of the {@link #halfBlocks} its
     * embeddings are kept under the key until {@link #drop}.
     *
     * @param adapter the {@link ModelAdapter#pictureKey key} of the adapter that changes the vision tower for it, the same in
     *     all calls, or {@link ModelAdapter#NONE}
     * @param first the first half block, where the call before ended
     * @param end the one after the last
     */
    void encode(long key, long adapter, int first, int end);

    /** Forgets a picture, encoded or on its way; nothing happens if there is none. */
    void drop(long key);

    /** Copies keys and values of {@code tokens} tokens from one place of the KV cache to another. */
    void copyCache(int from, int to, int tokens);

    /**
     * Runs new tokens through the decoder and chooses a next token for each wanted row.
     *
     * @return per row the id, NaN if the row's logits are not finite; if log-probabilities were asked for, per row 2 + 2 ·
     *     top numbers: the id, its log-probability, the likeliest ids, their log-probabilities. Then per scored token 2 + 2 ·
     *     scoredTop numbers: the log-probability of its follower, the follower's rank from 1, the likeliest ids, their
     *     log-probabilities
     */
    double[] step(Step step);

    /** Gives back the memory that steps computed with; the next one takes it anew. */
    void rest();

    /** Lets go of the weights and of all that was computed. */
    @Override
    void close();
}
