package io.github.camelvlm.completions;

import io.github.camelvlm.dialect.Call;
import io.github.camelvlm.dialect.Dialect;
import io.github.camelvlm.dialect.Dialogue;
import io.github.camelvlm.openai.Json;

/** OpenAI's older completions at {@code /v1/completions}: the prompt is a text that no chat template has changed. */
public final class CompletionsDialect implements Dialect {
    @Override
    public boolean isSpokenAt(String path) {
        return path.equals("/v1/completions");
    }

    @Override
    public Dialogue read(Call call) {
        return PromptDialogue.read(Json.parse(call.body()));
    }
}
