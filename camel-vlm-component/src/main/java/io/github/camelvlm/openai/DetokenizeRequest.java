package io.github.camelvlm.openai;

import io.github.camelvlm.chat.InvalidRequestException;
import java.util.List;

/**
 * The body of vLLM's {@code POST /detokenize}.
 *
 * @param model the model asked for, or null
 * @param tokens the ids of tokens
 */
public record DetokenizeRequest(String model, List<Integer> tokens) {
    public DetokenizeRequest {
        tokens = List.copyOf(tokens);
    }

    /**
     * Reads JSON in UTF-8, UTF-16 or UTF-32.
     *
     * @throws InvalidRequestException if it is not JSON, or a field has another type than it must have
     */
    public static DetokenizeRequest read(byte[] body) {
        JsonValue root = Json.parse(body).requireObject();
        return new DetokenizeRequest(
                root.get("model").string(),
                root.get("tokens").list().stream()
                        .map(JsonValue::requireInteger)
                        .toList());
    }
}
