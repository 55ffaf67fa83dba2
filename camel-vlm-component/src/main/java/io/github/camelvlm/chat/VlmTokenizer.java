package io.github.camelvlm.chat;

/** How an engine's model writes text as tokens. Safe for use by many threads. */
public interface VlmTokenizer {

    /**
     * The tokens of a text.
     *
     * @param addSpecialTokens whether special tokens written in it are recognized; otherwise they are characters like
     *     others, as in messages
     * @return their ids
     * @throws ContextLengthException if the text is far longer than any context
     * @throws EngineUnavailableException if the engine is closed
     */
    int[] encode(String text, boolean addSpecialTokens);

    /**
     * The tokens of the prompt that a request becomes, those of its pictures included.
     *
     * @return their ids
     * @throws UnreadablePictureException if a picture cannot be decoded or is refused
     * @throws InvalidRequestException if the request is at fault otherwise
     * @throws EngineUnavailableException if the engine is closed
     */
    int[] encode(ChatRequest request);

    /**
     * The text of tokens, special ones included.
     *
     * @throws InvalidRequestException if the model has no token with one of the ids
     */
    String decode(int[] ids);

    /**
     * A token as the model's vocabulary writes it, where for instance Ġ stands for a space.
     *
     * @return empty for ids that models have only to fill up their vocabulary
     */
    String entry(int id);
}
