package io.github.camelvlm.openai;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.camelvlm.chat.InvalidRequestException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * The fields of a kind of request that would change the answer, and are not served: a request that sets one is refused,
 * rather than answered in another way than it asks for. A value that changes nothing is passed over.
 */
public final class UnservedRules {
    /** What is said where there is nothing else to do. */
    public static final String LEAVE_OUT = "is not served here: leave it out";

    private record Rule(Predicate<JsonNode> changesNothing, String problem) {}

    private final Map<String, Rule> rules = new LinkedHashMap<>();

    /**
     * Adds fields of one kind.
     *
     * @param changesNothing the values that are passed over, beside null
     * @param problem goes on with the field's name, and says what to do
     */
    public UnservedRules add(List<String> fields, Predicate<JsonNode> changesNothing, String problem) {
        fields.forEach(field -> rules.put(field, new Rule(changesNothing, problem)));
        return this;
    }

    /** Adds a field. */
    public UnservedRules add(String field, Predicate<JsonNode> changesNothing, String problem) {
        return add(List.of(field), changesNothing, problem);
    }

    /** Whether a value is false. */
    public static boolean isOff(JsonNode value) {
        return value.isBoolean() && !value.booleanValue();
    }

    /** Whether a value is an empty list or object. */
    public static boolean isEmpty(JsonNode value) {
        return value.isContainerNode() && value.isEmpty();
    }

    /** No value changes nothing. */
    public static boolean never(JsonNode value) {
        return false;
    }

    /** @throws InvalidRequestException if a field of the request would change the answer */
    public void refuse(JsonValue request) {
        rules.forEach((name, rule) -> {
            JsonValue value = request.get(name);
            if (!value.isAbsent() && !rule.changesNothing.test(value.node())) {
                throw value.unserved(rule.problem);
            }
        });
    }
}
