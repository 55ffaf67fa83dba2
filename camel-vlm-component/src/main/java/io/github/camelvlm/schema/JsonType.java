package io.github.camelvlm.schema;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Kinds of values; whole numbers and others are two. */
enum JsonType {
    NULL,
    BOOLEAN,
    INTEGER,
    FRACTION,
    STRING,
    ARRAY,
    OBJECT;

    private static final Map<String, Set<JsonType>> NAMES = new TreeMap<>(Map.of(
            "null", EnumSet.of(NULL),
            "boolean", EnumSet.of(BOOLEAN),
            "integer", EnumSet.of(INTEGER),
            "number", EnumSet.of(INTEGER, FRACTION),
            "string", EnumSet.of(STRING),
            "array", EnumSet.of(ARRAY),
            "object", EnumSet.of(OBJECT)));

    /** Those that a schema's word names, or null if it is none. */
    static Set<JsonType> named(String name) {
        return NAMES.get(name);
    }

    /** The words of schemas. */
    static String names() {
        return String.join(", ", NAMES.keySet());
    }

    /** That of a value. */
    static JsonType of(JsonNode value) {
        return switch (value.getNodeType()) {
            case NULL -> NULL;
            case BOOLEAN -> BOOLEAN;
            case NUMBER -> value.decimalValue().stripTrailingZeros().scale() <= 0 ? INTEGER : FRACTION;
            case STRING -> STRING;
            case ARRAY -> ARRAY;
            default -> OBJECT;
        };
    }
}
