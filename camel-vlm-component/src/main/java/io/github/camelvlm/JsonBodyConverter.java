package io.github.camelvlm;

import io.github.camelvlm.openai.JsonBody;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.apache.camel.Converter;

/** Makes JSON of what the component answers with wherever a route needs text, bytes or a stream. */
@Converter(generateLoader = true)
public final class JsonBodyConverter {
    private JsonBodyConverter() {}

    @Converter
    public static String toString(JsonBody body) {
        return body.toJson();
    }

    @Converter
    public static byte[] toByteArray(JsonBody body) {
        return body.toJson().getBytes(StandardCharsets.UTF_8);
    }

    @Converter
    public static InputStream toInputStream(JsonBody body) {
        return new ByteArrayInputStream(toByteArray(body));
    }
}
