package io.github.camelvlm.openai;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.List;

/**
 * The form that an answer must have, in the fields that vLLM had before {@link StructuredOutputs}. At most one is set.
 *
 * @param guidedJson a JSON Schema, or null
 * @param guidedRegex a regular expression that the whole answer matches, or null
 * @param guidedChoice the texts of which it is one, or null
 * @param guidedJsonObject whether it is any JSON object, or null
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record GuidedDecoding(
        JsonNode guidedJson, String guidedRegex, List<String> guidedChoice, Boolean guidedJsonObject) {
    static final String JSON = "guided_json";
    static final String REGEX = "guided_regex";
    static final String CHOICE = "guided_choice";
    static final String JSON_OBJECT = "guided_json_object";

    public GuidedDecoding {
        guidedChoice = guidedChoice == null ? null : List.copyOf(guidedChoice);
    }

    /** Null where none of them is set. */
    static GuidedDecoding read(JsonValue request) {
        JsonValue json = request.get(JSON);
        JsonValue choice = request.get(CHOICE);
        GuidedDecoding read = new GuidedDecoding(
                json.isEmpty() ? null : json.schema(),
                request.get(REGEX).string(),
                choice.isEmpty() ? null : choice.strings(),
                request.get(JSON_OBJECT).bool());
        return read.equals(new GuidedDecoding(null, null, null, null)) ? null : read;
    }
}
