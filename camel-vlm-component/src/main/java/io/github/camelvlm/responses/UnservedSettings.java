package io.github.camelvlm.responses;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.camelvlm.chat.InvalidRequestException;
import io.github.camelvlm.openai.JsonValue;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The fields of a request for a response that would change the answer, and are not served: one that is set to anything else
 * than what changes nothing is refused. Fields that never change it, such as {@code service_tier}, are passed over.
 */
final class UnservedSettings {
    private record Rule(Predicate<JsonNode> changesNothing, String problem) {}

    private static final String LEAVE_OUT = "is not served here: leave it out";

    private static final Map<String, Rule> RULES = rules();

    /** What chat completions call otherwise. */
    private static final Map<String, String> NAMES = Map.of(
            "messages", "input",
            "max_tokens", "max_output_tokens",
            "max_completion_tokens", "max_output_tokens",
            "response_format", "text.format",
            "logprobs", "include",
            "functions", "tools",
            "function_call", "tool_choice");

    private UnservedSettings() {}

    private static Map<String, Rule> rules() {
        Map<String, Rule> rules = new LinkedHashMap<>();
        Predicate<JsonNode> isOff = value -> value.isBoolean() && !value.booleanValue();
        rules.put(
                "background",
                new Rule(isOff, "is not served here, where the answer comes with the request: leave it out"));
        rules.put(
                "conversation",
                new Rule(value -> false, "is not served here: send previous_response_id, or the turns as input"));
        rules.put("prompt", new Rule(value -> false, "names a stored prompt, but this server keeps none: send input"));
        rules.put(
                "truncation",
                new Rule(
                        value -> value.asText().equals("disabled"),
                        "must be disabled: shorten the conversation instead"));
        for (String field : List.of(
                "n",
                "stop",
                "logit_bias",
                "context_management",
                "max_tool_calls",
                "guided_json",
                "structured_outputs")) {
            rules.put(field, new Rule(value -> value.isInt() && value.intValue() == 1 && field.equals("n"), LEAVE_OUT));
        }
        return rules;
    }

    /** @throws InvalidRequestException if a field would change the answer, and is not served */
    static void refuse(JsonValue request) {
        RULES.forEach((name, rule) -> {
            JsonValue value = request.get(name);
            if (!value.isAbsent() && !rule.changesNothing.test(value.node())) {
                throw value.unserved(rule.problem);
            }
        });
        NAMES.forEach((name, here) -> {
            if (!request.get(name).isAbsent()) {
                throw request.get(name).unserved("is what chat completions have: a response is asked for by " + here);
            }
        });
        JsonValue verbosity = request.get("text").get("verbosity");
        if (!verbosity.isAbsent() && !Set.of("medium").contains(verbosity.node().asText())) {
            throw verbosity.unserved(LEAVE_OUT);
        }
    }
}
