package io.github.camelvlm.dialect;

import io.github.camelvlm.chat.InvalidRequestException;
import io.github.camelvlm.openai.JsonBody;
import io.github.camelvlm.openai.OpenAiError;
import java.util.function.UnaryOperator;

/**
 * A protocol by which clients ask a model, beside OpenAI's chat completions. The HTTP service finds those in Camel's
 * registry; all of its limits apply to them. Any thread may call it.
 */
public interface Dialect {

    /**
     * Whether a path belongs to it. Errors are told in its words there, also where nothing is served.
     *
     * @param path such as {@code /v1/messages}, without a query
     */
    boolean isSpokenAt(String path);

    /**
     * Whether a request belongs to it, where paths are shared with other protocols.
     *
     * @param path as in {@link #isSpokenAt(String)}
     * @param headers gives the value of a header; null where there is none
     */
    default boolean isSpokenAt(String path, UnaryOperator<String> headers) {
        return isSpokenAt(path);
    }

    /** The header in which its clients read the id of their request, beside {@code X-Request-Id}; null for none. */
    default String idHeader() {
        return null;
    }

    /** The header by which its clients send their API key, beside {@code Authorization: Bearer KEY}; null for none. */
    default String keyHeader() {
        return null;
    }

    /** An error as JSON. */
    default String error(OpenAiError error) {
        return error.toJson();
    }

    /**
     * Reads a request that is to be answered by a model.
     *
     * @throws InvalidRequestException if it cannot be read, or asks for what is not served
     */
    Dialogue read(Call call);

    /**
     * Tells an answer that is no completion, such as the list of models, in its own words.
     *
     * @param path of the request
     */
    default JsonBody tell(String path, JsonBody answer) {
        return answer;
    }

    /**
     * Answers a request by itself, without the model.
     *
     * @throws NotKeptException if it asks for what there is not
     */
    default JsonBody look(Call call) {
        throw new NotKeptException("There is nothing at this path");
    }
}
