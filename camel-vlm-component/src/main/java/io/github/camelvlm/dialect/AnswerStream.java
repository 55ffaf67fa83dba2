package io.github.camelvlm.dialect;

import io.github.camelvlm.openai.ChatCompletionChunk;
import io.github.camelvlm.openai.OpenAiError;

/**
 * Writes the pieces of one answer as its client reads them. One thread writes, in order; {@link #keepAlive} alone is asked
 * for by others.
 */
public interface AnswerStream {

    /** An event as server-sent events have it; without a type where that is null. */
    static String event(String type, String json) {
        return (type == null ? "" : "event: " + type + "\n") + "data: " + json + "\n\n";
    }

    /** The value of the header {@code Content-Type}. */
    default String contentType() {
        return "text/event-stream; charset=utf-8";
    }

    /** What may be sent at any place to tell that the server is still there; null if there is nothing such. */
    default String keepAlive() {
        return ": keep-alive\n\n";
    }

    /** A piece; empty if it tells the client nothing. */
    String piece(ChatCompletionChunk chunk);

    /** What comes after the last piece. */
    String end();

    /** The end of an answer that fails after its first piece. */
    String failure(OpenAiError error);
}
