package io.github.camelvlm.exchange;

import com.fasterxml.classmate.ResolvedType;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.victools.jsonschema.generator.CustomDefinition;
import com.github.victools.jsonschema.generator.Option;
import com.github.victools.jsonschema.generator.OptionPreset;
import com.github.victools.jsonschema.generator.SchemaGenerator;
import com.github.victools.jsonschema.generator.SchemaGeneratorConfigBuilder;
import com.github.victools.jsonschema.generator.SchemaVersion;
import com.github.victools.jsonschema.module.jackson.JacksonModule;
import java.math.BigDecimal;
import java.util.Map;

/**
 * JSON Schemas of classes, as OpenAI's client makes them for Camel's openai component: every field is required, and there
 * are no others; but in the order in which the class has them. Jackson's annotations rename, leave out and describe
 * fields. The library that makes them is optional.
 */
final class ClassSchemas {
    private static final ClassValue<String> SCHEMAS = new ClassValue<>() {
        @Override
        protected String computeValue(Class<?> type) {
            return generate(type);
        }
    };

    private static final ObjectMapper JSON = new ObjectMapper();

    /** The largest of the types that hold less than an answer may say. */
    private static final Map<Class<?>, Integer> LARGEST = Map.of(
            int.class, Integer.MAX_VALUE,
            Integer.class, Integer.MAX_VALUE,
            short.class, (int) Short.MAX_VALUE,
            Short.class, (int) Short.MAX_VALUE,
            byte.class, (int) Byte.MAX_VALUE,
            Byte.class, (int) Byte.MAX_VALUE);

    private ClassSchemas() {}

    /** @throws NoClassDefFoundError if the library is missing */
    static String of(Class<?> type) {
        return SCHEMAS.get(type);
    }

    private static String generate(Class<?> type) {
        SchemaGeneratorConfigBuilder config = new SchemaGeneratorConfigBuilder(
                        SchemaVersion.DRAFT_2020_12, OptionPreset.PLAIN_JSON)
                .with(new JacksonModule())
                .with(Option.FORBIDDEN_ADDITIONAL_PROPERTIES_BY_DEFAULT, Option.STANDARD_FORMATS)
                .without(Option.SCHEMA_VERSION_INDICATOR);
        config.forFields().withRequiredCheck(field -> true);
        config.forTypesInGeneral()
                .withNumberInclusiveMinimumResolver(scope -> least(scope.getType()))
                .withNumberInclusiveMaximumResolver(scope -> most(scope.getType()))
                .withCustomDefinitionProvider((part, context) -> own(part));
        // As the class has them: an answer is written in this order, and what comes first helps with the rest.
        config.forTypesInGeneral().withPropertySorter((first, second) -> 0);
        return new SchemaGenerator(config.build()).generateSchema(type).toString();
    }

    private static BigDecimal most(ResolvedType type) {
        Integer largest = type == null ? null : LARGEST.get(type.getErasedType());
        return largest == null ? null : BigDecimal.valueOf(largest);
    }

    private static BigDecimal least(ResolvedType type) {
        BigDecimal most = most(type);
        return most == null ? null : most.negate().subtract(BigDecimal.ONE);
    }

    private static CustomDefinition own(ResolvedType type) {
        Class<?> erased = type.getErasedType();
        // For the library it is a text; Jackson reads numbers.
        return erased == byte.class || erased == Byte.class
                ? new CustomDefinition(JSON.createObjectNode().put("type", "integer"))
                : constants(type);
    }

    /** The constants of an enumeration as Jackson reads them, whichever of its annotations says how. */
    private static CustomDefinition constants(ResolvedType type) {
        Object[] constants = type.getErasedType().getEnumConstants();
        if (constants == null) {
            return null;
        }
        JsonNode names = JSON.valueToTree(constants);
        ObjectNode schema = JSON.createObjectNode();
        if (names.valueStream().allMatch(JsonNode::isTextual)) {
            schema.put("type", "string");
        } else if (names.valueStream().allMatch(JsonNode::isIntegralNumber)) {
            schema.put("type", "integer");
        }
        schema.set("enum", names);
        return new CustomDefinition(schema);
    }
}
