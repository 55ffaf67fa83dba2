package io.github.camelvlm.dialect;

import io.github.camelvlm.openai.ChatCompletion;
import io.github.camelvlm.openai.ChatCompletionRequest;
import io.github.camelvlm.openai.JsonBody;
import io.github.camelvlm.openai.OpenAiError;
import java.time.Duration;

/** A request that a {@link Dialect} has read, and how it is answered. One thread at a time calls it. */
public interface Dialogue {

    /** What is asked of the model. Its {@code stream} says whether {@link #stream} answers, or {@link #answer}. */
    ChatCompletionRequest request();

    /** The whole answer. */
    JsonBody answer(ChatCompletion completion);

    /**
     * The whole answer.
     *
     * @param firstToken how long its first token took; null if that is not known
     */
    default JsonBody answer(ChatCompletion completion, Duration firstToken) {
        return answer(completion);
    }

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
