package io.github.camelvlm.chat;

import java.util.List;

/**
 * Tokens of a prompt that no chat template makes, as the model's vocabulary counts them.
 *
 * @param ids their ids
 */
public record TokensPart(List<Integer> ids) implements Part {
    public TokensPart {
        ids = List.copyOf(ids);
    }
}
