package io.github.camelvlm.routes.batch;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.github.camelvlm.openai.OpenAiError;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.UUID;

/**
 * A line of a batch's output.
 *
 * @param text one line of JSON, without its end
 * @param isFailure whether its status is not 200
 */
record AnswerLine(String text, boolean isFailure) {
    private static final JsonFactory JSON = new JsonFactory();

    /** @param body the answer as JSON */
    static AnswerLine answered(String id, String customId, String requestId, String body) {
        return new AnswerLine(write(id, customId, 200, requestId, body), false);
    }

    /** As over HTTP, by its status and the body that tells why. */
    static AnswerLine failed(String id, String customId, OpenAiError error) {
        return new AnswerLine(write(id, customId, error.status(), "req_" + UUID.randomUUID(), error.toJson()), true);
    }

    /** With which the text of each answer to the line of this id begins. */
    static String beginning(String id) {
        return "{\"id\":\"" + id + "\",";
    }

    private static String write(String id, String customId, int status, String requestId, String body) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(text)) {
            json.writeStartObject();
            json.writeStringField("id", id);
            json.writeStringField("custom_id", customId);
            json.writeObjectFieldStart("response");
            json.writeNumberField("status_code", status);
            json.writeStringField("request_id", requestId);
            json.writeFieldName("body");
            json.writeRawValue(body);
            json.writeEndObject();
            json.writeNullField("error");
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }
}
