package io.github.camelvlm.dialect;

import io.github.camelvlm.openai.ChatCompletion;
import io.github.camelvlm.openai.ChatCompletionRequest;
import io.github.camelvlm.openai.JsonBody;
import io.github.camelvlm.openai.OpenAiError;

/** A request that a {@link Dialect} has read, and how it is answered. One thread at a time calls it. */
public interface Dialogue {

    /** What is asked of the model. Its {@code stream} says whether {@link #stream} answers, or {@link #answer}. */
    ChatCompletionRequest request();

    /** The whole answer. */
    JsonBody answer(ChatCompletion completion);

    /** Begins an answer in pieces. */
    AnswerStream stream();

    /**
     * An error in which fields are called as the client called them.
     *
     * @param error names fields of {@link #request}
     */
    default OpenAiError retold(OpenAiError error) {
        return error;
    }
}
