package io.github.camelvlm.chat;

import java.util.List;

/**
 * A generated token and its log-probability under the model, before temperature, penalties and biases.
 *
 * @param id the token's id; -1 if a server elsewhere generated it and does not tell
 * @param bytes the UTF-8 bytes that the token stands for, perhaps only a part of a character
 * @param logprob natural logarithm of its probability
 * @param top the most likely tokens at this place, most likely first; their own {@code top} is empty
 */
public record TokenLogprob(int id, byte[] bytes, double logprob, List<TokenLogprob> top) {
    public TokenLogprob {
        top = List.copyOf(top);
    }
}
