package io.github.camelvlm.schema;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.camelvlm.chat.InvalidRequestException;
import io.github.camelvlm.grammar.Expression;
import java.math.BigDecimal;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Checks each schema by itself: whether all that it says is served, has the right form and can be meant. */
final class SchemaKeywords {
    private static final Set<String> ANNOTATIONS = Set.of(
            "title",
            "description",
            "default",
            "examples",
            "example",
            "deprecated",
            "readOnly",
            "writeOnly",
            "$comment",
            "$schema",
            "$defs",
            "definitions");

    private static final Set<String> SERVED = Set.of(
            "type",
            "nullable",
            "enum",
            "const",
            "properties",
            "required",
            "additionalProperties",
            "items",
            "prefixItems",
            "minItems",
            "maxItems",
            "anyOf",
            "oneOf",
            "allOf",
            "$ref",
            "pattern",
            "format",
            "minLength",
            "maxLength",
            "minimum",
            "maximum",
            "exclusiveMinimum",
            "exclusiveMaximum",
            "multipleOf");

    private static final Set<String> NUMBER_FORMATS = Set.of("int32", "int64", "float", "double");
    private static final int LARGEST_SCALE = 50;

    private SchemaKeywords() {}

    /** @throws InvalidRequestException naming the keyword at fault */
    static void check(Place place, boolean isRoot) {
        for (Iterator<String> names = place.node().fieldNames(); names.hasNext(); ) {
            String name = names.next();
            boolean isFree = ANNOTATIONS.contains(name)
                    || isRoot && name.equals("$id")
                    || name.equals("uniqueItems")
                            && place.get(name).isBoolean()
                            && !place.get(name).booleanValue();
            if (!isFree && !SERVED.contains(name)) {
                throw place.unsupported(name, "");
            }
        }
        checkTypes(place);
        checkValues(place);
        checkNumbers(place);
        checkTexts(place);
        checkArrays(place);
        checkObjects(place);
        for (String keyword : List.of("anyOf", "oneOf", "allOf")) {
            schemas(place, keyword);
        }
    }

    private static void checkTypes(Place place) {
        JsonNode type = place.get("type");
        if (type != null) {
            if (!type.isTextual() && (!type.isArray() || type.isEmpty())) {
                throw place.broken("type", "must be a text or a list of texts");
            }
            for (JsonNode one : type.isArray() ? type : List.of(type)) {
                if (!one.isTextual() || JsonType.named(one.textValue()) == null) {
                    throw place.broken("type", "must be one of " + JsonType.names());
                }
            }
        }
        if (place.has("nullable") && !place.get("nullable").isBoolean()) {
            throw place.broken("nullable", "must be true or false");
        }
        if (type == null && place.node().path("nullable").booleanValue()) {
            throw place.unsupported("nullable", "it needs a type beside it; anyOf with the type null is served");
        }
    }

    private static void checkValues(Place place) {
        JsonNode values = place.get("enum");
        if (values != null) {
            if (!values.isArray() || values.isEmpty()) {
                throw place.broken("enum", "must be a list of at least one value");
            }
            if (values.size() > Bounds.MOST_VALUES) {
                throw new InvalidRequestException(
                        place.path() + ".enum",
                        "has " + values.size() + " values; the most served are " + Bounds.MOST_VALUES,
                        "unsupported_value");
            }
            values.forEach(value -> checkNumber(place, "enum", value));
        }
        if (place.has("const")) {
            checkNumber(place, "const", place.get("const"));
        }
    }

    private static void checkNumber(Place place, String keyword, JsonNode value) {
        if (value.isContainerNode()) {
            value.forEach(inner -> checkNumber(place, keyword, inner));
        } else if (value.isNumber() && isHuge(value.decimalValue())) {
            throw place.unsupported(keyword, "a number in it has more than " + LARGEST_SCALE + " digits");
        }
    }

    private static boolean isHuge(BigDecimal value) {
        return Math.abs((long) value.scale()) > LARGEST_SCALE || value.precision() > LARGEST_SCALE;
    }

    private static void checkNumbers(Place place) {
        for (String keyword : List.of("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf")) {
            JsonNode value = place.get(keyword);
            if (value != null && !value.isNumber()) {
                throw place.broken(keyword, "must be a number");
            }
            if (value != null) {
                checkNumber(place, keyword, value);
            }
        }
        if (place.has("multipleOf") && place.get("multipleOf").decimalValue().signum() <= 0) {
            throw place.broken("multipleOf", "must be above 0");
        }
        if (numbers(place).isEmpty()) {
            throw place.broken(
                    place.has("maximum") ? "maximum" : "exclusiveMaximum",
                    "leaves no number: it must not be below the least one that is allowed");
        }
    }

    /** The range that a schema says. */
    static NumberBounds numbers(Place place) {
        NumberBounds bounds = NumberBounds.NONE;
        if (place.has("minimum")) {
            bounds = bounds.from(place.get("minimum").decimalValue(), true);
        }
        if (place.has("exclusiveMinimum")) {
            bounds = bounds.from(place.get("exclusiveMinimum").decimalValue(), false);
        }
        if (place.has("maximum")) {
            bounds = bounds.to(place.get("maximum").decimalValue(), true);
        }
        if (place.has("exclusiveMaximum")) {
            bounds = bounds.to(place.get("exclusiveMaximum").decimalValue(), false);
        }
        return bounds;
    }

    private static void checkTexts(Place place) {
        checkCounts(place, "minLength", "maxLength");
        if (place.has("pattern") && !place.get("pattern").isTextual()) {
            throw place.broken("pattern", "must be a text");
        }
        JsonNode format = place.get("format");
        if (format != null && !format.isTextual()) {
            throw place.broken("format", "must be a text");
        }
        if (format != null
                && !NUMBER_FORMATS.contains(format.textValue())
                && StringFormats.named(format.textValue()) == null) {
            throw place.unsupported("format", "the formats served are " + StringFormats.names());
        }
    }

    private static void checkCounts(Place place, String least, String most) {
        for (String keyword : List.of(least, most)) {
            JsonNode value = place.get(keyword);
            if (value == null) {
                continue;
            }
            boolean isWhole = value.isNumber()
                    && !isHuge(value.decimalValue())
                    && value.decimalValue().signum() >= 0
                    && JsonType.of(value) == JsonType.INTEGER;
            if (!isWhole) {
                throw place.broken(keyword, "must be a whole number, 0 or more");
            }
        }
        if (place.count(least, 0) > Expression.MOST_REPETITIONS) {
            throw place.unsupported(least, "the largest served is " + Expression.MOST_REPETITIONS);
        }
        if (place.count(least, 0) > place.count(most, Expression.UNBOUNDED)) {
            throw place.broken(most, "must not be below " + least);
        }
    }

    private static void checkArrays(Place place) {
        checkCounts(place, "minItems", "maxItems");
        if (place.has("items") && place.get("items").isArray()) {
            throw place.unsupported("items", "a list of schemas is, as prefixItems");
        }
        if (place.has("items")) {
            SchemaDocument.requireSchema(place.at("items"));
        }
        if (schemas(place, "prefixItems") > Bounds.MOST_PREFIX_ITEMS) {
            throw place.unsupported("prefixItems", "the most served are " + Bounds.MOST_PREFIX_ITEMS);
        }
    }

    private static int schemas(Place place, String keyword) {
        JsonNode schemas = place.get(keyword);
        if (schemas == null) {
            return 0;
        }
        if (!schemas.isArray() || schemas.isEmpty()) {
            throw place.broken(keyword, "must be a list of at least one schema");
        }
        if (schemas.size() > Bounds.MOST_BRANCHES) {
            throw place.unsupported(keyword, "the most schemas served in it are " + Bounds.MOST_BRANCHES);
        }
        place.list(keyword).forEach(SchemaDocument::requireSchema);
        return schemas.size();
    }

    private static void checkObjects(Place place) {
        JsonNode properties = place.get("properties");
        if (properties != null) {
            if (!properties.isObject()) {
                throw place.broken("properties", "must be an object of schemas");
            }
            if (properties.size() > Bounds.MOST_PROPERTIES) {
                throw new InvalidRequestException(
                        place.path() + ".properties",
                        "has " + properties.size() + " properties; the most served are " + Bounds.MOST_PROPERTIES,
                        "unsupported_value");
            }
        }
        Map<String, Place> named = place.map("properties");
        named.values().forEach(SchemaDocument::requireSchema);
        if (place.has("additionalProperties")) {
            SchemaDocument.requireSchema(place.at("additionalProperties"));
        }
        JsonNode required = place.get("required");
        if (required == null) {
            return;
        }
        if (!required.isArray() || required.size() > Bounds.MOST_PROPERTIES) {
            throw place.broken("required", "must be a list of at most " + Bounds.MOST_PROPERTIES + " names");
        }
        boolean isClosed = place.node().path("additionalProperties").isBoolean()
                && !place.node().path("additionalProperties").booleanValue();
        for (JsonNode name : required) {
            if (!name.isTextual()) {
                throw place.broken("required", "must be a list of names");
            }
            if (isClosed && !named.containsKey(name.textValue())) {
                throw place.broken(
                        "required", "names a property that properties lacks and additionalProperties forbids");
            }
        }
    }
}
