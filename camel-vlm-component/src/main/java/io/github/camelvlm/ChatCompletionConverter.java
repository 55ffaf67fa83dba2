package io.github.camelvlm;

import io.github.camelvlm.openai.ChatCompletion;
import io.github.camelvlm.openai.ChatCompletionChunk;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.apache.camel.Converter;

/** Makes JSON of the results of {@code vlm:chat} wherever a route needs text, bytes or a stream. */
@Converter(generateLoader = true)
public final class ChatCompletionConverter {
    private ChatCompletionConverter() {}

    @Converter
    public static String toString(ChatCompletion completion) {
        return completion.toJson();
    }

    @Converter
    public static byte[] toByteArray(ChatCompletion completion) {
        return completion.toJson().getBytes(StandardCharsets.UTF_8);
    }

    @Converter
    public static InputStream toInputStream(ChatCompletion completion) {
        return new ByteArrayInputStream(toByteArray(completion));
    }

    @Converter
    public static String toString(ChatCompletionChunk chunk) {
        return chunk.toJson();
    }

    @Converter
    public static byte[] toByteArray(ChatCompletionChunk chunk) {
        return chunk.toJson().getBytes(StandardCharsets.UTF_8);
    }

    @Converter
    public static InputStream toInputStream(ChatCompletionChunk chunk) {
        return new ByteArrayInputStream(toByteArray(chunk));
    }
}
