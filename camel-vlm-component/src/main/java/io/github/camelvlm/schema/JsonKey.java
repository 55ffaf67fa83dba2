package io.github.camelvlm.schema;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.camelvlm.grammar.Letters;
import java.util.Map;
import java.util.TreeMap;

/** Texts that are the same for values that are equal as JSON Schema has it: 1 and 1.0, and objects in any order. */
final class JsonKey {
    private JsonKey() {}

    static String of(JsonNode value) {
        if (value.isNumber()) {
            return value.decimalValue().stripTrailingZeros().toPlainString();
        }
        StringBuilder key = new StringBuilder();
        if (value.isArray()) {
            value.forEach(item -> key.append(key.isEmpty() ? '[' : ',').append(of(item)));
            return key.isEmpty() ? "[]" : key.append(']').toString();
        }
        if (value.isObject()) {
            Map<String, String> sorted = new TreeMap<>();
            value.properties().forEach(field -> sorted.put(Letters.escaped(field.getKey()), of(field.getValue())));
            return sorted.toString();
        }
        return value.toString();
    }
}
