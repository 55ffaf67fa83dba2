package io.github.camelvlm.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.github.camelvlm.chat.Echo;
import io.github.camelvlm.chat.InvalidRequestException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A value of a request and where it stands, so that what is wrong with it can be told.
 *
 * <p>The methods that read a value return null where it is missing or null, and throw {@link InvalidRequestException}
 * where it is of another type.
 *
 * @param path such as {@code messages[1].content[0].text}; {@link #ROOT} for the whole request
 * @param node the value
 */
public record JsonValue(String path, JsonNode node) {
    /** The path of a whole request. */
    public static final String ROOT = "body";

    /** A value at a path; of null, one that is missing. */
    public static JsonValue of(String path, JsonNode node) {
        return new JsonValue(path, node == null ? MissingNode.getInstance() : node);
    }

    /** The beginning of a text, as an error may tell it. */
    public static String clip(String text) {
        return Echo.of(text);
    }

    /** A field of this object; {@link #isMissing} where it has none of that name. */
    public JsonValue get(String name) {
        return new JsonValue(path.equals(ROOT) ? name : path + "." + clip(name), node.path(name));
    }

    /** Whether there is no such value, not even null. */
    public boolean isMissing() {
        return node.isMissingNode();
    }

    /** Whether there is nothing to read: the value is missing, or null. */
    public boolean isAbsent() {
        return node.isMissingNode() || node.isNull();
    }

    /** Whether it is a text. */
    public boolean isString() {
        return node.isTextual();
    }

    /** Whether it is a list. */
    public boolean isList() {
        return node.isArray();
    }

    /** Whether it is an object. */
    public boolean isObject() {
        return node.isObject();
    }

    /** Itself, which must be an object. */
    public JsonValue requireObject() {
        if (!isObject()) {
            throw mustBe("an object");
        }
        return this;
    }

    /** A text; null where it is absent. */
    public String string() {
        if (isAbsent()) {
            return null;
        }
        return requireString();
    }

    /** A text. */
    public String requireString() {
        if (!node.isTextual()) {
            throw mustBe("a string");
        }
        return node.textValue();
    }

    /** True or false; null where it is absent. */
    public Boolean bool() {
        if (isAbsent()) {
            return null;
        }
        if (!node.isBoolean()) {
            throw mustBe("true or false");
        }
        return node.booleanValue();
    }

    /** A number; null where it is absent. */
    public Double number() {
        if (isAbsent()) {
            return null;
        }
        return requireNumber();
    }

    /** A number. */
    public Double requireNumber() {
        if (!node.isNumber()) {
            throw mustBe("a number");
        }
        return node.doubleValue();
    }

    /** A whole number; null where it is absent. */
    public Integer integer() {
        Long value = longInteger();
        if (value != null && value != value.intValue()) {
            throw mustBeWithin(Integer.MAX_VALUE);
        }
        return value == null ? null : Integer.valueOf(value.intValue());
    }

    /** A whole number. */
    public Integer requireInteger() {
        if (isAbsent()) {
            throw mustBe("a whole number");
        }
        return integer();
    }

    /** A whole number of up to 64 bits; null where it is absent. */
    public Long longInteger() {
        if (isAbsent()) {
            return null;
        }
        if (!node.isNumber() || !node.canConvertToExactIntegral()) {
            throw mustBe("a whole number");
        }
        if (!node.canConvertToLong()) {
            throw mustBeWithin(Long.MAX_VALUE);
        }
        return node.longValue();
    }

    /** A whole number, or a string of nothing but its digits. */
    public Integer integerOrDigits() {
        if (!isString()) {
            return integer();
        }
        try {
            return Integer.valueOf(node.textValue());
        } catch (NumberFormatException e) {
            throw new InvalidRequestException(
                    path, "must be a whole number, but is \"" + clip(node.textValue()) + "\"");
        }
    }

    /** Its elements, in order. */
    public List<JsonValue> list() {
        if (!node.isArray()) {
            throw mustBe("a list");
        }
        List<JsonValue> elements = new ArrayList<>(node.size());
        for (JsonNode element : node) {
            elements.add(new JsonValue(path + "[" + elements.size() + "]", element));
        }
        return elements;
    }

    /** Strings, in order. */
    public List<String> strings() {
        return isAbsent() ? null : list().stream().map(JsonValue::requireString).toList();
    }

    /** Strings by their names, in order; null where it is absent. */
    public Map<String, String> stringFields() {
        if (isAbsent()) {
            return null;
        }
        Map<String, String> strings = new LinkedHashMap<>();
        fields().forEach((name, value) -> strings.put(name, value.requireString()));
        return strings;
    }

    /** Whether there is nothing in it, if it is a list or an object. */
    public boolean isEmpty() {
        return node.isContainerNode() && node.isEmpty();
    }

    /** A JSON Schema: an object, or JSON text that holds one. */
    public JsonNode schema() {
        if (isAbsent()) {
            return null;
        }
        return (isString() ? Json.parse(path, node.textValue()) : this).requireFiniteObject();
    }

    /** An object whose numbers are all within those that a double holds: beyond, one would become a text. */
    public JsonNode requireFiniteObject() {
        requireObject().requireFinite();
        return node;
    }

    private void requireFinite() {
        if (node.isDouble() && !Double.isFinite(node.doubleValue())) {
            throw new InvalidRequestException(path, "must be a number below 1.8e308, and above its negative");
        }
        if (node.isObject()) {
            node.properties()
                    .forEach(field -> new JsonValue(path + "." + field.getKey(), field.getValue()).requireFinite());
        } else if (node.isArray()) {
            list().forEach(JsonValue::requireFinite);
        }
    }

    /** The fields of this object, in order. */
    public Map<String, JsonValue> fields() {
        requireObject();
        Map<String, JsonValue> fields = new LinkedHashMap<>();
        node.fieldNames().forEachRemaining(name -> fields.put(name, get(name)));
        return fields;
    }

    /** What is thrown where it is no such value, such as {@code a list}. */
    public InvalidRequestException mustBe(String expected) {
        return new InvalidRequestException(
                path,
                isMissing() ? "is missing: it must be " + expected : "must be " + expected + ", but is " + kind());
    }

    /**
     * What is thrown where it would change the answer, and is not served.
     *
     * @param problem goes on with its path, such as {@code is not served here: leave it out}
     */
    public InvalidRequestException unserved(String problem) {
        return new InvalidRequestException(path, problem, "unsupported_value");
    }

    private InvalidRequestException mustBeWithin(long limit) {
        return new InvalidRequestException(path, "must be within ±" + limit + ", but is " + kind());
    }

    private String kind() {
        return switch (node.getNodeType()) {
            case STRING -> "a string";
            case NUMBER -> "the number " + clip(node.asText());
            case BOOLEAN -> node.asText();
            case ARRAY -> "a list";
            case OBJECT -> "an object";
            case NULL -> "null";
            default -> "something that JSON does not know";
        };
    }
}
