package io.github.camelvlm.openai;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.camelvlm.chat.InvalidRequestException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The fields of OpenAI's and vLLM's requests that would change the answer, and are not served: a request that sets one is
 * refused, rather than answered in another way than it asks for. A value that changes nothing is passed over, as are the
 * fields that never do, such as {@code store} and {@code service_tier}.
 */
final class UnservedFields {
    private static final String LEAVE_OUT = "is not served here: leave it out";
    private static final String OTHER_FORMS =
            "is not served here: ask for the form of the answer by a JSON Schema, a regular expression or choices";
    private static final String COMPACT = "is not served here, where JSON has the white space it has: leave it out";
    private static final String TEXT_ONLY = "asks for sound, but answers are text only: leave it out";

    /** They turn on and off what the models served here do not do. */
    private static final Set<String> THINKING = Set.of("enable_thinking", "thinking");

    private static final Set<String> FORMS = Set.of("json", "regex", "choice", "json_object");

    private static final Set<String> PICTURE_SETTINGS = Set.of("min_pixels", "max_pixels");
    /** They concern films. */
    private static final Set<String> FILM_SETTINGS = Set.of("fps", "num_frames");

    private record Rule(Predicate<JsonNode> changesNothing, String problem) {}

    private static final Map<String, Rule> RULES = rules();

    private UnservedFields() {}

    private static Map<String, Rule> rules() {
        Map<String, Rule> rules = new LinkedHashMap<>();
        Rule off = new Rule(value -> value.isBoolean() && !value.booleanValue(), LEAVE_OUT);
        for (String field : List.of(
                "use_beam_search",
                "early_stopping",
                "echo",
                "watermarking",
                "return_tokens_as_token_ids",
                "return_token_ids",
                "return_prompt_text")) {
            rules.put(field, off);
        }
        Rule empty = new Rule(value -> value.isContainerNode() && value.isEmpty(), LEAVE_OUT);
        for (String field : List.of("documents", "logits_processors", "logprob_token_ids", "vllm_xargs")) {
            rules.put(field, empty);
        }
        Rule form = new Rule(value -> value.isContainerNode() && value.isEmpty(), OTHER_FORMS);
        for (String field : List.of("guided_grammar", "structural_tag")) {
            rules.put(field, form);
        }
        rules.put("guided_whitespace_pattern", new Rule(value -> false, COMPACT));
        Rule never = new Rule(value -> false, LEAVE_OUT);
        for (String field : List.of("truncate_prompt_tokens", "chat_template", "web_search_options")) {
            rules.put(field, never);
        }
        rules.put("best_of", new Rule(value -> isNumber(value, 1), LEAVE_OUT));
        rules.put("length_penalty", new Rule(value -> isNumber(value, 1), LEAVE_OUT));
        rules.put("verbosity", new Rule(value -> value.asText().equals("medium"), LEAVE_OUT));
        rules.put(
                "functions",
                new Rule(
                        value -> value.isArray() && value.isEmpty(),
                        "is the older form of tools, and not served here: send tools"));
        rules.put(
                "function_call",
                new Rule(
                        value -> Set.of("none", "auto").contains(value.asText()),
                        "is the older form of tool_choice, and not served here: send tool_choice"));
        rules.put("audio", new Rule(value -> false, TEXT_ONLY));
        rules.put("modalities", new Rule(UnservedFields::isTextAlone, TEXT_ONLY));
        rules.put(
                "chat_template_kwargs",
                new Rule(
                        value -> hasOnly(value, THINKING),
                        "would change the chat template, which is the model's own: leave it out"));
        rules.put(
                "media_io_kwargs",
                new Rule(value -> value.isObject() && value.path("image").isEmpty(), LEAVE_OUT));
        return rules;
    }

    private static boolean isNumber(JsonNode value, int neutral) {
        return value.isNumber() && value.doubleValue() == neutral;
    }

    private static boolean isTextAlone(JsonNode modalities) {
        for (JsonNode modality : modalities) {
            if (!modality.asText().equals("text")) {
                return false;
            }
        }
        return modalities.isArray();
    }

    private static boolean hasOnly(JsonNode object, Set<String> names) {
        return object.isObject() && object.properties().stream().allMatch(field -> names.contains(field.getKey()));
    }

    /** @throws InvalidRequestException if a field of the request would change the answer, and is not served */
    static void refuse(JsonValue request) {
        RULES.forEach((name, rule) -> {
            JsonValue value = request.get(name);
            if (!value.isAbsent() && !rule.changesNothing.test(value.node())) {
                throw value.unserved(rule.problem);
            }
        });
        refuseFormats(request.get(StructuredOutputs.FIELD));
        refusePictureSettings(request.get("mm_processor_kwargs"));
    }

    private static void refuseFormats(JsonValue outputs) {
        if (outputs.isAbsent()) {
            return;
        }
        outputs.fields().forEach((name, value) -> {
            if (!FORMS.contains(name) && !isSettingOfABackend(name) && !value.isAbsent()) {
                throw value.unserved(name.equals("whitespace_pattern") ? COMPACT : OTHER_FORMS);
            }
        });
    }

    private static boolean isSettingOfABackend(String name) {
        return name.startsWith("disable_") || name.startsWith("_");
    }

    private static void refusePictureSettings(JsonValue kwargs) {
        if (kwargs.isAbsent()) {
            return;
        }
        kwargs.fields().forEach((name, value) -> {
            if (!PICTURE_SETTINGS.contains(name) && !FILM_SETTINGS.contains(name) && !value.isAbsent()) {
                throw value.unserved("is not served here: min_pixels and max_pixels are");
            }
        });
    }
}
