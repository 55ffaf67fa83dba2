package io.github.camelvlm.fleet;

import io.github.camelvlm.chat.ChatRequest;
import io.github.camelvlm.chat.VlmTokenizer;

/**
 * The tokens of a model that is loaded when it is asked for them.
 *
 * @param engine that of the model
 */
record OnDemandTokenizer(OnDemandEngine engine) implements VlmTokenizer {

    @Override
    public int[] encode(String text, boolean addSpecialTokens) {
        return engine.use(loaded -> loaded.tokenizer().encode(text, addSpecialTokens));
    }

    @Override
    public int[] encode(ChatRequest request) {
        return engine.use(loaded -> loaded.tokenizer().encode(request));
    }

    @Override
    public String decode(int[] ids) {
        return engine.use(loaded -> loaded.tokenizer().decode(ids));
    }

    @Override
    public String entry(int id) {
        return engine.use(loaded -> loaded.tokenizer().entry(id));
    }
}
