package io.github.camelvlm.http;

import io.github.camelvlm.dialect.AnswerStream;
import io.github.camelvlm.openai.ChatCompletionChunk;
import io.github.camelvlm.openai.OpenAiError;

/** Chunks as OpenAI sends them: {@code data: JSON} each, and {@code data: [DONE]} at the end. */
final class OpenAiStream implements AnswerStream {
    @Override
    public String piece(ChatCompletionChunk chunk) {
        return "data: " + chunk.toJson() + "\n\n";
    }

    @Override
    public String end() {
        return "data: [DONE]\n\n";
    }

    @Override
    public String failure(OpenAiError error) {
        return "event: error\ndata: " + error.toJson() + "\n\n";
    }
}
