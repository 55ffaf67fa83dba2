package io.github.camelvlm.remote;

import io.github.camelvlm.chat.AnswerFormat;
import io.github.camelvlm.chat.ChatRequest;
import io.github.camelvlm.chat.Comparison;
import io.github.camelvlm.chat.Completion;
import io.github.camelvlm.chat.InvalidRequestException;
import io.github.camelvlm.chat.SamplingOptions;
import io.github.camelvlm.chat.TokenLogprob;
import io.github.camelvlm.chat.UpstreamException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * How texts of which a server chose one stand to one another, as far as the likeliest tokens tell that it names in each
 * place. A text that none of them leads to counts as impossible.
 */
final class ToldChoices {
    private final byte[][] texts;
    private final double[] probabilities;

    private ToldChoices(List<String> texts) {
        this.texts = texts.stream()
                .map(text -> text.getBytes(StandardCharsets.UTF_8))
                .toArray(byte[][]::new);
        probabilities = new double[texts.size()];
    }

    /**
     * A request whose answer must be one of the texts, with what tells of the others.
     *
     * @throws InvalidRequestException if there are less than two texts
     */
    static ChatRequest question(ChatRequest request, List<String> texts) {
        if (texts.size() < 2) {
            throw new InvalidRequestException("choices", "must be at least 2 texts to be compared");
        }
        return request.withSampling(SamplingOptions.builder()
                .temperature(0.0)
                .topLogprobs(SamplingOptions.MAX_TOP_LOGPROBS)
                .format(new AnswerFormat.Choice("choices", texts))
                .build()
                .orElse(request.sampling()));
    }

    /** @throws UpstreamException if the answer is none of the texts, or tells no log-probabilities */
    static Comparison of(List<String> texts, Completion answer) {
        int chosen = texts.indexOf(answer.text());
        if (chosen < 0) {
            throw new UpstreamException(
                    "The server answered with none of the choices: it must serve structured_outputs, as vLLM does",
                    null);
        }
        if (answer.logprobs().isEmpty()) {
            throw new UpstreamException(
                    "The server told no log-probabilities, by which choices are compared: let it serve logprobs", null);
        }
        ToldChoices told = new ToldChoices(texts);
        told.walk(answer.logprobs(), chosen);
        double sum = Arrays.stream(told.probabilities).sum();
        return new Comparison(
                Arrays.stream(told.probabilities)
                        .mapToObj(probability -> probability / sum)
                        .toList(),
                answer);
    }

    private void walk(List<TokenLogprob> tokens, int chosen) {
        double before = 1;
        int length = 0;
        boolean[] apart = new boolean[texts.length];
        for (TokenLogprob token : tokens) {
            if (!begins(texts[chosen], length, token.bytes())) {
                break;
            }
            for (TokenLogprob other : token.top()) {
                if (!Arrays.equals(other.bytes(), token.bytes())) {
                    share(before * Math.exp(other.logprob()), length, other.bytes(), chosen, apart);
                }
            }
            before *= Math.exp(token.logprob());
            length += token.bytes().length;
            for (int i = 0; i < texts.length; i++) {
                apart[i] |= !begins(texts[i], 0, Arrays.copyOf(texts[chosen], length));
            }
        }
        probabilities[chosen] = before;
    }

    /** Gives the probability of a token to the texts that it leads to, in equal parts. */
    private void share(double probability, int length, byte[] token, int chosen, boolean[] apart) {
        int[] led = new int[texts.length];
        int count = 0;
        for (int i = 0; i < texts.length; i++) {
            if (i != chosen && !apart[i] && token.length > 0 && begins(texts[i], length, token)) {
                led[count++] = i;
            }
        }
        for (int i = 0; i < count; i++) {
            probabilities[led[i]] += probability / count;
        }
    }

    /** Whether a text goes on with some bytes at a place. */
    private static boolean begins(byte[] text, int at, byte[] bytes) {
        return at + bytes.length <= text.length && Arrays.equals(text, at, at + bytes.length, bytes, 0, bytes.length);
    }
}
