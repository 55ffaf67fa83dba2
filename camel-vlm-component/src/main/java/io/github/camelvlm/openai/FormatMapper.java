package io.github.camelvlm.openai;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.camelvlm.chat.AnswerFormat;
import io.github.camelvlm.chat.InvalidRequestException;
import java.util.ArrayList;
import java.util.List;

/** Says in the words of the domain which form a request asks for, and the other way round. */
final class FormatMapper {
    private static final JsonNode ANY_OBJECT = Json.readTree("{\"type\":\"object\"}");

    /** OpenAI demands a name. */
    private static final String SCHEMA_NAME = "answer";

    private FormatMapper() {}

    /**
     * The form that is asked for, or null for none.
     *
     * @throws InvalidRequestException if two are asked for, or one that no answer can have
     */
    static AnswerFormat format(ChatCompletionRequest request) {
        List<AnswerFormat> formats = formats(request);
        for (AnswerFormat other : formats) {
            if (!form(other).equals(form(formats.get(0)))) {
                throw new InvalidRequestException(
                        other.field(),
                        "is set beside " + formats.get(0).field()
                                + ", but an answer has one form: leave one of them out",
                        "unsupported_value");
            }
        }
        return formats.isEmpty() ? null : formats.get(0);
    }

    private static List<AnswerFormat> formats(ChatCompletionRequest request) {
        Formats formats = new Formats(new ArrayList<>());
        ResponseFormat response = request.responseFormat();
        if (response != null) {
            boolean hasSchema = response.jsonSchema() != null;
            formats.json(
                    ResponseFormat.FIELD + ".json_schema.schema",
                    hasSchema ? response.jsonSchema().schema() : null);
            formats.anyObject(ResponseFormat.FIELD, response.type().equals(ResponseFormat.JSON_OBJECT));
        }
        StructuredOutputs outputs = request.structuredOutputs();
        if (outputs != null) {
            formats.json(StructuredOutputs.FIELD + ".json", outputs.json());
            formats.regex(StructuredOutputs.FIELD + ".regex", outputs.regex());
            formats.choice(StructuredOutputs.FIELD + ".choice", outputs.choice());
            formats.anyObject(StructuredOutputs.FIELD + ".json_object", Boolean.TRUE.equals(outputs.jsonObject()));
        }
        GuidedDecoding guided = request.guidedDecoding();
        if (guided != null) {
            formats.json(GuidedDecoding.JSON, guided.guidedJson());
            formats.regex(GuidedDecoding.REGEX, guided.guidedRegex());
            formats.choice(GuidedDecoding.CHOICE, guided.guidedChoice());
            formats.anyObject(GuidedDecoding.JSON_OBJECT, Boolean.TRUE.equals(guided.guidedJsonObject()));
        }
        return formats.list;
    }

    private record Formats(List<AnswerFormat> list) {
        void json(String field, JsonNode schema) {
            if (schema != null) {
                list.add(new AnswerFormat.Json(field, Json.write(schema)));
            }
        }

        void anyObject(String field, boolean isAsked) {
            if (isAsked) {
                json(field, ANY_OBJECT);
            }
        }

        void regex(String field, String pattern) {
            if (pattern != null) {
                list.add(new AnswerFormat.Regex(field, pattern));
            }
        }

        void choice(String field, List<String> texts) {
            if (texts != null) {
                list.add(new AnswerFormat.Choice(field, texts));
            }
        }
    }

    /** What it says, wherever it was said: clients that do not know the server's version say it in several words. */
    private static Object form(AnswerFormat format) {
        if (format instanceof AnswerFormat.Json json) {
            return Json.readTree(json.schema());
        }
        return format instanceof AnswerFormat.Regex regex ? regex.pattern() : ((AnswerFormat.Choice) format).texts();
    }

    /**
     * Writes a form in the words of other servers: JSON in OpenAI's, the rest in vLLM's, newer and older.
     *
     * @param format the form, or null for any
     * @throws InvalidRequestException if its schema is no JSON, or nests too deep to be sent
     */
    static void write(AnswerFormat format, ChatCompletionRequestBuilder written) {
        if (format instanceof AnswerFormat.Json json) {
            written.responseFormat(responseFormat(json));
        } else if (format instanceof AnswerFormat.Regex regex) {
            written.structuredOutputs(new StructuredOutputs(null, regex.pattern(), null, null))
                    .guidedDecoding(new GuidedDecoding(null, regex.pattern(), null, null));
        } else if (format instanceof AnswerFormat.Choice choice) {
            written.structuredOutputs(new StructuredOutputs(null, null, choice.texts(), null))
                    .guidedDecoding(new GuidedDecoding(null, null, choice.texts(), null));
        }
    }

    private static ResponseFormat responseFormat(AnswerFormat.Json json) {
        JsonNode schema = Json.readTree(json.schema());
        if (schema == null) {
            throw new InvalidRequestException(json.field(), "is not JSON that can be sent to a server");
        }
        return schema.equals(ANY_OBJECT)
                ? new ResponseFormat(ResponseFormat.JSON_OBJECT, null)
                : new ResponseFormat(
                        ResponseFormat.JSON_SCHEMA, new ResponseFormat.JsonSchema(SCHEMA_NAME, schema, Boolean.TRUE));
    }
}
