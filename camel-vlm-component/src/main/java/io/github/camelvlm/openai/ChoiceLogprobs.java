package io.github.camelvlm.openai;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.github.camelvlm.chat.TokenLogprob;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The log-probabilities of an answer's tokens.
 *
 * @param content one per generated token
 * @param refusal null: a local model has no refusals apart from its answer
 */
public record ChoiceLogprobs(List<Token> content, List<Token> refusal) {
    // JSON has no infinity; this is the number that OpenAI's reference gives for a token that is out of the question.
    private static final double IMPOSSIBLE = -9999.0;

    /** @return null if there are none, as OpenAI's format has it */
    static ChoiceLogprobs of(List<TokenLogprob> logprobs) {
        return logprobs.isEmpty()
                ? null
                : new ChoiceLogprobs(logprobs.stream().map(Token::of).toList(), null);
    }

    /**
     * A generated token.
     *
     * @param token its text; a part of a character shows as U+FFFD
     * @param bytes its UTF-8 bytes, 0 to 255
     * @param logprob the natural logarithm of its probability
     * @param topLogprobs the most likely tokens at its place
     */
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    public record Token(String token, List<Integer> bytes, double logprob, List<Alternative> topLogprobs) {
        static Token of(TokenLogprob token) {
            return new Token(
                    text(token),
                    unsigned(token.bytes()),
                    finite(token.logprob()),
                    token.top().stream().map(Alternative::of).toList());
        }
    }

    /**
     * A token that could have stood in a place.
     *
     * @param token its text; a part of a character shows as U+FFFD
     * @param bytes its UTF-8 bytes, 0 to 255
     * @param logprob the natural logarithm of its probability
     */
    public record Alternative(String token, List<Integer> bytes, double logprob) {
        static Alternative of(TokenLogprob token) {
            return new Alternative(text(token), unsigned(token.bytes()), finite(token.logprob()));
        }
    }

    private static String text(TokenLogprob token) {
        return new String(token.bytes(), StandardCharsets.UTF_8);
    }

    private static List<Integer> unsigned(byte[] bytes) {
        List<Integer> values = new ArrayList<>(bytes.length);
        for (byte value : bytes) {
            values.add(Byte.toUnsignedInt(value));
        }
        return values;
    }

    /** A logarithm that JSON can write. */
    static double finite(double logprob) {
        return Double.isFinite(logprob) ? logprob : IMPOSSIBLE;
    }
}
