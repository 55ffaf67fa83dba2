package io.github.camelvlm.ollama;

import io.github.camelvlm.openai.ChatCompletionReader;
import io.github.camelvlm.openai.ChatCompletionRequestBuilder;
import io.github.camelvlm.openai.JsonValue;
import java.util.Map;

/** How tokens are drawn, as Ollama writes it; its options that size the server change no answer and are passed over. */
final class OllamaOptions {
    /** What is not served, and the value by which it changes nothing. */
    private static final Map<String, Double> NEUTRAL = Map.of("mirostat", 0.0, "typical_p", 1.0, "tfs_z", 1.0);

    private OllamaOptions() {}

    static void read(JsonValue options, ChatCompletionRequestBuilder asked) {
        if (options.isAbsent()) {
            return;
        }
        options.requireObject();
        NEUTRAL.forEach((name, neutral) -> {
            Double value = options.get(name).number();
            if (value != null && !value.equals(neutral)) {
                throw options.get(name).unserved("is not served here: leave it out");
            }
        });
        Double repeatPenalty = options.get("repeat_penalty").number();
        refuseWindow(options.get("repeat_last_n"), repeatPenalty);
        Integer tokens = options.get("num_predict").integer();
        Long seed = options.get("seed").longInteger();
        asked
                // Less is Ollama's way to say that there is no limit.
                .maxTokens(tokens != null && tokens < 0 ? null : tokens)
                .temperature(options.get("temperature").number())
                .topP(options.get("top_p").number())
                .topK(options.get("top_k").integer())
                .minP(options.get("min_p").number())
                .seed(seed != null && seed < 0 ? null : seed)
                .stop(ChatCompletionReader.stop(options.get("stop")))
                .repetitionPenalty(repeatPenalty)
                .presencePenalty(options.get("presence_penalty").number())
                .frequencyPenalty(options.get("frequency_penalty").number());
    }

    /** Tokens are counted as seen wherever they stand. */
    private static void refuseWindow(JsonValue window, Double repeatPenalty) {
        Integer tokens = window.integer();
        if (tokens != null && tokens != -1 && repeatPenalty != null && repeatPenalty != 1) {
            throw window.unserved("is not served here with repeat_penalty: send -1, for all tokens, or leave it out");
        }
    }
}
