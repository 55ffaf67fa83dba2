package io.github.camelvlm.schema;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Tells whether no value can belong to two branches. */
final class BranchDifference {
    private static final Set<JsonType> NUMBERS = EnumSet.of(JsonType.INTEGER, JsonType.FRACTION);

    private BranchDifference() {}

    /** Whether it is certain that each value belongs to one of two at most. */
    static boolean isCertain(BranchShape one, BranchShape other) {
        if (one.values() != null && other.values() != null) {
            return Collections.disjoint(one.values().keySet(), other.values().keySet());
        }
        Set<JsonType> common = EnumSet.noneOf(JsonType.class);
        common.addAll(one.types());
        common.retainAll(other.types());
        for (JsonType type : common) {
            boolean differ = NUMBERS.contains(type)
                    ? one.bounds().and(other.bounds()).isEmpty()
                    : type == JsonType.OBJECT && objectsDiffer(one, other);
            if (!differ) {
                return false;
            }
        }
        return true;
    }

    private static boolean objectsDiffer(BranchShape one, BranchShape other) {
        Set<String> required = new HashSet<>(one.required());
        required.addAll(other.required());
        for (String name : required) {
            List<Place> mine = one.property(name);
            List<Place> theirs = other.property(name);
            boolean isForbidden = mine.stream().anyMatch(BranchDifference::isFalse)
                    || theirs.stream().anyMatch(BranchDifference::isFalse);
            Set<String> some = values(mine);
            Set<String> others = values(theirs);
            if (isForbidden || some != null && others != null && Collections.disjoint(some, others)) {
                return true;
            }
            if (typesDiffer(mine, theirs)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isFalse(Place place) {
        return place.node().isBoolean() && !place.node().booleanValue();
    }

    /** The keys of the values that are left by what the schemas say themselves, or null if they list none. */
    private static Set<String> values(List<Place> places) {
        Set<String> left = null;
        for (Place place : places) {
            for (String keyword : List.of("const", "enum")) {
                JsonNode said = place.get(keyword);
                if (said == null || keyword.equals("enum") && !said.isArray()) {
                    continue;
                }
                Set<String> keys = new HashSet<>();
                (keyword.equals("enum") ? said : List.of(said)).forEach(value -> keys.add(JsonKey.of(value)));
                if (left != null) {
                    keys.retainAll(left);
                }
                left = keys;
            }
        }
        return left;
    }

    private static boolean typesDiffer(List<Place> some, List<Place> others) {
        Set<JsonType> common = EnumSet.allOf(JsonType.class);
        for (List<Place> places : List.of(some, others)) {
            for (Place place : places) {
                JsonNode type = place.get("type");
                if (type != null
                        && type.isTextual()
                        && JsonType.named(type.textValue()) != null
                        && !place.node().path("nullable").booleanValue()) {
                    common.retainAll(JsonType.named(type.textValue()));
                }
            }
        }
        return common.isEmpty();
    }
}
