package io.github.camelvlm.schema;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What schemas that hold together say of the values themselves: which kinds, which values, which numbers. */
final class BranchShape {
    private final List<Place> places;
    private final Set<JsonType> types = EnumSet.allOf(JsonType.class);

    /** By their keys; null if any value will do. */
    private Map<String, JsonNode> values;

    private NumberBounds bounds = NumberBounds.NONE;

    BranchShape(List<Place> places) {
        this.places = places;
        for (Place place : places) {
            if (place.has("type")) {
                types.retainAll(types(place));
            }
            if (place.has("const")) {
                retain(List.of(place.get("const")));
            }
            if (place.has("enum")) {
                retain(place.get("enum"));
            }
            bounds = bounds.and(SchemaKeywords.numbers(place)).and(format(place));
        }
        if (bounds.isEmpty()) {
            types.removeAll(EnumSet.of(JsonType.INTEGER, JsonType.FRACTION));
        }
        if (values != null) {
            values.values().removeIf(value -> !types.contains(JsonType.of(value)));
            Set<JsonType> left = EnumSet.noneOf(JsonType.class);
            values.values().forEach(value -> left.add(JsonType.of(value)));
            types.retainAll(left);
        }
    }

    private static Set<JsonType> types(Place place) {
        Set<JsonType> types = EnumSet.noneOf(JsonType.class);
        JsonNode type = place.get("type");
        for (JsonNode one : type.isArray() ? type : List.of(type)) {
            types.addAll(JsonType.named(one.textValue()));
        }
        if (place.node().path("nullable").booleanValue()) {
            types.add(JsonType.NULL);
        }
        return types;
    }

    private void retain(Iterable<JsonNode> allowed) {
        Map<String, JsonNode> retained = new LinkedHashMap<>();
        for (JsonNode value : allowed) {
            String key = JsonKey.of(value);
            if (values == null || values.containsKey(key)) {
                retained.put(key, value);
            }
        }
        values = retained;
    }

    private static NumberBounds format(Place place) {
        return switch (place.node().path("format").asText()) {
            case "int32" ->
                NumberBounds.NONE
                        .from(BigDecimal.valueOf(Integer.MIN_VALUE), true)
                        .to(BigDecimal.valueOf(Integer.MAX_VALUE), true);
            case "int64" ->
                NumberBounds.NONE
                        .from(BigDecimal.valueOf(Long.MIN_VALUE), true)
                        .to(BigDecimal.valueOf(Long.MAX_VALUE), true);
            default -> NumberBounds.NONE;
        };
    }

    List<Place> places() {
        return places;
    }

    Set<JsonType> types() {
        return types;
    }

    /** Those that are allowed, by their keys; null if any will do. */
    Map<String, JsonNode> values() {
        return values;
    }

    NumberBounds bounds() {
        return bounds;
    }

    /** What the schemas that say something by a keyword say. */
    List<Place> saying(String... keywords) {
        List<Place> saying = new ArrayList<>();
        for (Place place : places) {
            for (String keyword : keywords) {
                if (place.has(keyword)) {
                    saying.add(place);
                    break;
                }
            }
        }
        return saying;
    }

    /** The properties that must be there. */
    Set<String> required() {
        Set<String> required = new LinkedHashSet<>();
        places.forEach(place -> place.node().path("required").forEach(name -> required.add(name.textValue())));
        return required;
    }

    /** The schemas that are to hold for a property. */
    List<Place> property(String name) {
        List<Place> all = new ArrayList<>();
        for (Place place : places) {
            JsonNode named = place.node().path("properties").get(name);
            if (named != null) {
                all.add(new Place(named, place.path() + ".properties." + name));
            } else if (place.has("additionalProperties")) {
                all.add(place.at("additionalProperties"));
            }
        }
        return all;
    }

    /** The names of the properties that any of them names, in order. */
    Set<String> properties() {
        Set<String> names = new LinkedHashSet<>();
        places.forEach(place -> place.node().path("properties").fieldNames().forEachRemaining(names::add));
        return names;
    }
}
