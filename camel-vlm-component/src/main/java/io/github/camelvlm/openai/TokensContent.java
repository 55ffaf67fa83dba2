package io.github.camelvlm.openai;

import java.util.List;

/**
 * A prompt as token ids; never in a message of JSON.
 *
 * @param ids the ids
 */
public record TokensContent(List<Integer> ids) implements ContentPart {
    public TokensContent {
        ids = List.copyOf(ids);
    }

    @Override
    public String type() {
        return "tokens";
    }
}
