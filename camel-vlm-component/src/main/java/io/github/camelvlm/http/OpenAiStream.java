package io.github.camelvlm.http;

import io.github.camelvlm.dialect.AnswerStream;
import io.github.camelvlm.openai.ChatCompletionChunk;
import io.github.camelvlm.openai.OpenAiError;

/** Chunks as OpenAI sends them: {@code data: JSON} each, and {@code data: [DONE]} at the end. */
final class OpenAiStream implements AnswerStream {
    @Override
    public String piece(ChatCompletionChunk chunk) {
        return AnswerStream.event(null, chunk.toJson());
    }

    @Override
    public String end() {
        return AnswerStream.event(null, "[DONE]");
    }

    @Override
    public String failure(OpenAiError error) {
        return AnswerStream.event("error", error.toJson());
    }
}
