package io.github.camelvlm.engine;

import io.github.camelvlm.chat.ChatRequest;
import io.github.camelvlm.chat.InvalidRequestException;
import io.github.camelvlm.chat.VlmTokenizer;
import io.github.camelvlm.model.PromptCompiler;
import io.github.camelvlm.model.Tokenizer;

/**
 * The tokens of a model in this JVM.
 *
 * @param vocabulary one more than the highest id that the model knows
 */
record LocalTokenizer(Tokenizer tokenizer, PromptCompiler compiler, int vocabulary) implements VlmTokenizer {

    @Override
    public int[] encode(String text, boolean addSpecialTokens) {
        return addSpecialTokens ? tokenizer.encode(text) : tokenizer.encodeText(text);
    }

    @Override
    public int[] encode(ChatRequest request) {
        return compiler.compile(request).ids();
    }

    @Override
    public String decode(int[] ids) {
        Detokenizer detokenizer = new Detokenizer();
        StringBuilder text = new StringBuilder();
        for (int id : ids) {
            if (id < 0 || id >= vocabulary) {
                throw new InvalidRequestException(
                        "tokens", "must be token ids from 0 to " + (vocabulary - 1) + ", but hold " + id);
            }
            text.append(detokenizer.append(tokenizer.bytesOf(id)));
        }
        return text.append(detokenizer.finish()).toString();
    }

    @Override
    public String entry(int id) {
        return tokenizer.entryOf(id);
    }
}
