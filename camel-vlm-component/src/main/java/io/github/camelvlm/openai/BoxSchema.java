package io.github.camelvlm.openai;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** The JSON Schema of boxes as models that write JSON were trained to write them. */
public final class BoxSchema {
    private static final int CORNERS = 4;

    private BoxSchema() {}

    /**
     * A list of objects with {@code bbox_2d} and {@code label}.
     *
     * @param labels the labels that there may be; any if empty
     */
    public static String of(List<String> labels) {
        ObjectNode schema = JsonNodeFactory.instance.objectNode().put("type", "array");
        ObjectNode thing = schema.putObject("items").put("type", "object").put("additionalProperties", false);
        ObjectNode properties = thing.putObject("properties");
        properties
                .putObject("bbox_2d")
                .put("type", "array")
                .put("minItems", CORNERS)
                .put("maxItems", CORNERS)
                .putObject("items")
                .put("type", "integer")
                .put("minimum", 0)
                .put("maximum", 99_999);
        ObjectNode label = properties.putObject("label").put("type", "string");
        if (!labels.isEmpty()) {
            labels.stream().distinct().forEach(label.withArray("enum")::add);
        }
        thing.putArray("required").add("bbox_2d").add("label");
        return schema.toString();
    }
}
