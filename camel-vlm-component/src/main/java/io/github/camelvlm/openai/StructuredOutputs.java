package io.github.camelvlm.openai;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.List;

/**
 * The form that an answer must have, as vLLM has it. At most one of these is set.
 *
 * @param json a JSON Schema, or null
 * @param regex a regular expression that the whole answer matches, or null
 * @param choice the texts of which it is one, or null
 * @param jsonObject whether it is any JSON object, or null
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record StructuredOutputs(JsonNode json, String regex, List<String> choice, Boolean jsonObject) {
    static final String FIELD = "structured_outputs";

    public StructuredOutputs {
        choice = choice == null ? null : List.copyOf(choice);
    }

    static StructuredOutputs read(JsonValue outputs) {
        return outputs.isAbsent()
                ? null
                : new StructuredOutputs(
                        outputs.requireObject().get("json").schema(),
                        outputs.get("regex").string(),
                        outputs.get("choice").strings(),
                        outputs.get("json_object").bool());
    }
}
