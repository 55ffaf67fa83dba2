package io.github.camelvlm.chat;

/** Something that answers conversations: a model in this JVM, or a server that runs one. Safe for use by many threads. */
public interface VlmEngine extends AutoCloseable {

    /** The name of the model, as answers report it. */
    String model();

    /**
     * Begins to answer. Pictures are decoded and the prompt is made on the calling thread; then the request is queued.
     *
     * @throws InvalidRequestException if the request cannot be answered as it is
     * @throws QueueFullException if too many requests wait already
     * @throws EngineUnavailableException if the engine is closed or has failed
     */
    Generation generate(ChatRequest request);

    /** Ends all generations with {@link EngineUnavailableException} and frees the model. */
    @Override
    void close();
}
