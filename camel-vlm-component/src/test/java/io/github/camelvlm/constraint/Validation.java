package io.github.camelvlm.constraint;

import com.networknt.schema.InputFormat;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import java.util.List;

/** Another reader's opinion of what is valid. */
final class Validation {
    private static final JsonSchemaFactory FACTORY = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012);

    private Validation() {}

    static JsonSchema schema(String schema) {
        SchemaValidatorsConfig config = SchemaValidatorsConfig.builder()
                .formatAssertionsEnabled(true)
                .nullableKeywordEnabled(true)
                .build();
        return FACTORY.getSchema(schema, config);
    }

    static List<String> problems(JsonSchema schema, String text) {
        return schema.validate(text, InputFormat.JSON).stream()
                .map(ValidationMessage::getMessage)
                .toList();
    }
}
