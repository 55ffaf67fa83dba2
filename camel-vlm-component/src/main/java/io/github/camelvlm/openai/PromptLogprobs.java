package io.github.camelvlm.openai;

import io.github.camelvlm.chat.PromptLogprob;
import io.github.camelvlm.chat.TokenLogprob;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes the log-probabilities of a prompt's tokens as vLLM does. */
final class PromptLogprobs {
    private PromptLogprobs() {}

    /**
     * @return per token of the prompt, the tokens that could have stood in its place by their ids, itself first; null for
     *     the first token, which follows none. Null if nothing was asked for
     */
    static List<Map<String, RankedToken>> of(List<PromptLogprob> prompt) {
        if (prompt.isEmpty()) {
            return null;
        }
        List<Map<String, RankedToken>> places = new ArrayList<>();
        places.add(null);
        prompt.forEach(token -> places.add(place(token)));
        return places;
    }

    private static Map<String, RankedToken> place(PromptLogprob prompt) {
        Map<String, RankedToken> place = new LinkedHashMap<>();
        place.put(String.valueOf(prompt.token().id()), RankedToken.of(prompt.token(), prompt.rank()));
        int rank = 1;
        for (TokenLogprob other : prompt.token().top()) {
            place.putIfAbsent(String.valueOf(other.id()), RankedToken.of(other, rank++));
        }
        return place;
    }
}
