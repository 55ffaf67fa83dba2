package io.github.camelvlm.exchange;

import com.github.victools.jsonschema.generator.Option;
import com.github.victools.jsonschema.generator.OptionPreset;
import com.github.victools.jsonschema.generator.SchemaGenerator;
import com.github.victools.jsonschema.generator.SchemaGeneratorConfigBuilder;
import com.github.victools.jsonschema.generator.SchemaVersion;
import com.github.victools.jsonschema.module.jackson.JacksonModule;
import com.github.victools.jsonschema.module.jackson.JacksonOption;

/**
 * JSON Schemas of classes, as OpenAI's client makes them for Camel's openai component: every field is required, and there
 * are no others; but in the order in which the class has them. Jackson's annotations rename, leave out and describe fields. Its library is optional.
 */
final class ClassSchemas {
    private static final ClassValue<String> SCHEMAS = new ClassValue<>() {
        @Override
        protected String computeValue(Class<?> type) {
            return generate(type);
        }
    };

    private ClassSchemas() {}

    /** @throws NoClassDefFoundError if the library is missing */
    static String of(Class<?> type) {
        return SCHEMAS.get(type);
    }

    private static String generate(Class<?> type) {
        SchemaGeneratorConfigBuilder config = new SchemaGeneratorConfigBuilder(
                        SchemaVersion.DRAFT_2020_12, OptionPreset.PLAIN_JSON)
                .with(new JacksonModule(JacksonOption.FLATTENED_ENUMS_FROM_JSONVALUE))
                .with(Option.FORBIDDEN_ADDITIONAL_PROPERTIES_BY_DEFAULT, Option.STANDARD_FORMATS)
                .without(Option.SCHEMA_VERSION_INDICATOR);
        config.forFields().withRequiredCheck(field -> true);
        // As the class has them: an answer is written in this order, and what comes first helps with the rest.
        config.forTypesInGeneral().withPropertySorter((first, second) -> 0);
        return new SchemaGenerator(config.build()).generateSchema(type).toString();
    }
}
