package io.github.camelvlm.chat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Something that answers conversations: a model in this JVM, or a server that runs one. Safe for use by many threads. */
public interface VlmEngine extends AutoCloseable {

    /** What it runs. */
    ModelInfo info();

    /** The name of the model, as answers report it. */
    default String model() {
        return info().name();
    }

    /** Where and how the model is computed, for people: the device, the type of numbers, the kernels. */
    default String execution() {
        return info().dtype();
    }

    /** The engines of its models; the first answers requests that choose none. One that has several is told of by these. */
    default List<VlmEngine> models() {
        return List.of(this);
    }

    /**
     * The engine of the model that answers requests which choose something.
     *
     * @param chosen a name of {@link ModelInfo#adapters}, or null
     * @throws ModelNotServedException if several models are served, and none by this name
     */
    default VlmEngine of(String chosen) {
        return this;
    }

    /** Whether its model is in memory, and how often. */
    default ModelPresence presence() {
        return ModelPresence.ALWAYS;
    }

    /** What it is doing, and has done. */
    EngineStatistics statistics();

    /** Whether it answers requests at present. */
    boolean isReady();

    /** What keeps it from answering any request; empty while nothing does, as far as is known here. */
    default Optional<EngineFault> fault() {
        return Optional.empty();
    }

    /**
     * Refuses a form that answers cannot be held to. One that passes may still be refused by a server elsewhere.
     *
     * @throws InvalidRequestException if it asks for something that is not served, is too large, or no text has it
     */
    default void requireServed(AnswerFormat format) {}

    /** How its model writes text as tokens. */
    VlmTokenizer tokenizer();

    /**
     * Begins to answer. Pictures are looked at and the prompt is made on the calling thread; then the request is queued.
     * What a server elsewhere has to say against a request comes out of the generation instead.
     *
     * @throws InvalidRequestException if the request cannot be answered as it is
     * @throws ModelNotServedException if there is no such adapter
     * @throws QueueFullException if too many requests wait already
     * @throws EngineUnavailableException if the engine is closed or has failed
     */
    default Generation generate(ChatRequest request) {
        return generate(request, 1).get(0);
    }

    /**
     * Begins several answers to one request, or none. They differ by their random draws: with a seed the first answer
     * uses it, the second one the number after it, and so on.
     *
     * @param answers how many, at least 1
     * @return the answers
     * @throws InvalidRequestException if the request cannot be answered as it is
     * @throws ModelNotServedException if there is no such adapter
     * @throws QueueFullException if too many requests wait already
     * @throws EngineUnavailableException if the engine is closed or has failed
     */
    List<Generation> generate(ChatRequest request, int answers);

    /**
     * Begins several answers to one request, or none, for a client that may leave.
     *
     * @param answers how many, at least 1
     * @param cancellation cancels the answers when it completes; what is done before they begin is given up too, as far
     *     as the engine can
     * @return the answers
     * @throws UnreadablePictureException if it completes before all pictures are read, or as {@link #generate(ChatRequest,
     *     int)} does
     */
    default List<Generation> generate(ChatRequest request, int answers, CompletionStage<?> cancellation) {
        List<Generation> generations = generate(request, answers);
        cancellation.whenComplete((done, failure) -> generations.forEach(Generation::cancel));
        return generations;
    }

    /**
     * Tells how likely each of several texts is as the answer to a request, in proportion to the others. A text counts as far
     * as the token that tells it apart from all others, its end included. Nothing of the request's sampling changes that.
     *
     * @param texts at least two, no two alike
     * @param cancellation gives the comparison up when it completes
     * @throws InvalidRequestException if the request or the texts cannot be compared as they are
     * @throws ModelNotServedException if there is no such adapter
     * @throws QueueFullException if too many requests wait already
     * @throws EngineUnavailableException if the engine is closed or has failed
     * @throws VlmException if it is given up, its time is over, or the model fails on it
     * @throws InterruptedException if the calling thread is interrupted; nothing runs on
     */
    Comparison compare(ChatRequest request, List<String> texts, CompletionStage<?> cancellation)
            throws InterruptedException;

    /**
     * Refuses further requests, waits until those before are answered, and closes.
     *
     * @param grace the longest wait; what is not answered then ends with {@link EngineUnavailableException}
     */
    void shutdown(Duration grace);

    /** Ends all generations with {@link EngineUnavailableException} and frees the model. */
    @Override
    void close();
}
