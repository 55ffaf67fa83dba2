package io.github.camelvlm.openai;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.github.camelvlm.chat.InvalidRequestException;

/**
 * The form that an answer must have, as OpenAI has it.
 *
 * @param type {@code text}, {@code json_object} or {@code json_schema}
 * @param jsonSchema what describes it, with {@code json_schema}; otherwise null
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record ResponseFormat(String type, JsonSchema jsonSchema) {
    static final String FIELD = "response_format";
    static final String TEXT = "text";
    static final String JSON_OBJECT = "json_object";
    static final String JSON_SCHEMA = "json_schema";

    /**
     * A JSON Schema and what it is called.
     *
     * @param name a name for it, which changes nothing; or null
     * @param schema the schema, an object
     * @param strict whether every answer must have the form, which it has here in any case; or null
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record JsonSchema(String name, JsonNode schema, Boolean strict) {}

    /** Null where nothing is asked for, as by {@code text}. */
    static ResponseFormat read(JsonValue format) {
        if (format.isAbsent()) {
            return null;
        }
        String type = format.requireObject().get("type").requireString();
        return switch (type) {
            case TEXT -> null;
            case JSON_OBJECT -> new ResponseFormat(type, null);
            case JSON_SCHEMA -> new ResponseFormat(type, schema(format.get(JSON_SCHEMA)));
            default ->
                throw new InvalidRequestException(
                        FIELD,
                        "must be of type text, json_object or json_schema, but is \"" + JsonValue.clip(type) + "\"",
                        "unsupported_value");
        };
    }

    private static JsonSchema schema(JsonValue schema) {
        return new JsonSchema(
                schema.requireObject().get("name").string(),
                schema.get("schema").requireFiniteObject(),
                schema.get("strict").bool());
    }
}
