package io.github.camelvlm.openai;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.github.camelvlm.chat.TokenLogprob;
import java.nio.charset.StandardCharsets;

/**
 * A token that could stand in a place of the prompt, as vLLM writes it.
 *
 * @param logprob the natural logarithm of its probability
 * @param rank its place among all tokens by likelihood, from 1
 * @param decodedToken its text; a part of a character shows as U+FFFD
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record RankedToken(double logprob, int rank, String decodedToken) {
    static RankedToken of(TokenLogprob token, int rank) {
        return new RankedToken(
                ChoiceLogprobs.finite(token.logprob()), rank, new String(token.bytes(), StandardCharsets.UTF_8));
    }
}
