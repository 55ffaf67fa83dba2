package io.github.camelvlm.responses;

import io.github.camelvlm.chat.InvalidRequestException;
import io.github.camelvlm.openai.JsonValue;
import io.github.camelvlm.openai.UnservedRules;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The fields of a request for a response that would change the answer, and are not served: one that is set to anything else
 * than what changes nothing is refused. Fields that never change it, such as {@code service_tier}, are passed over.
 */
final class UnservedSettings {
    private static final UnservedRules RULES = new UnservedRules()
            .add(
                    "background",
                    UnservedRules::isOff,
                    "is not served here, where the answer comes with the request: leave it out")
            .add(
                    "conversation",
                    UnservedRules::never,
                    "is not served here: send previous_response_id, or the turns as input")
            .add("prompt", UnservedRules::never, "names a stored prompt, but this server keeps none: send input")
            .add(
                    "truncation",
                    value -> value.asText().equals("disabled"),
                    "must be disabled: shorten the conversation instead")
            .add("n", value -> value.isInt() && value.intValue() == 1, UnservedRules.LEAVE_OUT)
            .add(
                    List.of(
                            "stop",
                            "logit_bias",
                            "prompt_logprobs",
                            "context_management",
                            "max_tool_calls",
                            "guided_json",
                            "structured_outputs"),
                    UnservedRules::never,
                    UnservedRules.LEAVE_OUT);

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

    /** @throws InvalidRequestException if a field would change the answer, and is not served */
    static void refuse(JsonValue request) {
        RULES.refuse(request);
        NAMES.forEach((name, here) -> {
            if (!request.get(name).isAbsent()) {
                throw request.get(name).unserved("is what chat completions have: a response is asked for by " + here);
            }
        });
        JsonValue verbosity = request.get("text").get("verbosity");
        if (!verbosity.isAbsent() && !Set.of("medium").contains(verbosity.node().asText())) {
            throw verbosity.unserved(UnservedRules.LEAVE_OUT);
        }
    }
}
